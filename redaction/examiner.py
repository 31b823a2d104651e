"""The engine as a process of its own: one JSON request a line in, one JSON answer a line out.

Whoever starts it can kill it, which is the only sure time limit on a language model. It says `{"ready": ...}` once
the models are loaded, and answers codes, never text, when something goes wrong.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from redaction.detectors.standard import standard_engine
from redaction.engine import Engine
from redaction.findings import Examined, Known, Refused, Unsafe
from redaction.pipeline import examine

EXAMINED = TypeAdapter(Examined)
KNOWN = TypeAdapter(tuple[Known, ...])


def answer(request: bytes, engine: Engine) -> dict[str, Any]:
    """What one request comes to: findings, or the codes of a refusal or a doubt."""
    try:
        asked = json.loads(request)
        examined = examine(
            asked["text"], engine=engine, known=KNOWN.validate_python(asked["known"]), lang=asked["lang"]
        )
        return {"examined": EXAMINED.dump_python(examined, mode="json")}
    except Refused as refusal:
        return {"refused": refusal.code}
    except Unsafe as doubt:
        return {"unsafe": list(doubt.codes)}
    except Exception:  # a foreign error may quote the text
        return {"unsafe": ["examination_failed"]}


def serve(models: dict[str, str], requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the other side closes."""
    engine = standard_engine(models)
    _say(answers, {"ready": engine.fingerprint})
    for request in requests:
        _say(answers, answer(request, engine))


def _say(answers: BinaryIO, said: dict[str, Any]) -> None:
    answers.write(json.dumps(said).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    # A core dump would hold the text that was being read.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(json.loads(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)

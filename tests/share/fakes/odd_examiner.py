"""An examiner's child that goes wrong in a chosen way: at once, or when a text says that it should.

Started as the real one is, with a JSON object as its only argument: {"way": how}. It answers a text without the
word ODD as it should, and finds the names in it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

NAMES = ("Ioana Popescu", "Oradea")
FOREVER = 3600


def say(what: Any) -> None:
    print(json.dumps(what), flush=True)


def raw(what: str) -> None:
    sys.stdout.write(what)
    sys.stdout.flush()


def hang() -> None:
    time.sleep(FOREVER)


def endless() -> None:
    while True:
        raw("x" * 65536)


def examined(text: str, **changes: Any) -> dict[str, Any]:
    said = {"text": text, "language": "en", "spans": spans(text), "holds": [], "engine": "odd", "found": []}
    return {"examined": said | changes}


def spans(text: str) -> list[dict[str, Any]]:
    found = [(text.index(name), name) for name in NAMES if name in text]
    return [span(at, at + len(name)) for at, name in sorted(found)]


def span(start: Any, end: Any, *, kinds: tuple[str, ...] = ("PERSON",)) -> dict[str, Any]:
    return {"start": start, "end": end, "kinds": kinds, "detectors": ["odd"], "subjects": []}


ON_LOAD = {
    "dies_on_load": lambda: sys.exit(1),
    "ends_on_load": lambda: sys.exit(0),
    "hangs_on_load": hang,
    "rubbish_on_load": lambda: raw("loading...\n"),
    "half_a_word_on_load": lambda: (raw('{"ready"'), hang()),
    "not_ready": lambda: say({"starting": 1}),
    "endless_on_load": endless,
}

ON_TEXT = {
    "dies": lambda text: os._exit(1),
    "ends": lambda text: os._exit(0),
    "killed": lambda text: os.kill(os.getpid(), signal.SIGKILL),
    "hangs": lambda text: hang(),
    "rubbish": lambda text: raw("\x00\x01\x02 " + text + "\n"),
    "half_an_answer": lambda text: (raw(json.dumps(examined(text))[:50]), hang()),
    "endless": lambda text: endless(),
    "two_answers": lambda text: raw(json.dumps(examined(text)) + "\n" + json.dumps(examined(text)) + "\n"),
    "null": lambda text: say(None),
    "number": lambda text: say(1),
    "empty_list": lambda text: say([]),
    "empty_object": lambda text: say({}),
    "examined_null": lambda text: say({"examined": None}),
    "another_text": lambda text: say(examined("All is well.", spans=[])),
    "text_without_its_end": lambda text: say(examined(text[:-5])),
    "empty_text": lambda text: say(examined("", spans=[])),
    "no_spans_at_all": lambda text: say({"examined": {"text": text, "language": "en", "engine": "odd"}}),
    "spans_null": lambda text: say(examined(text, spans=None)),
    "nothing_found": lambda text: say(examined(text, spans=[])),
    "past_the_end": lambda text: say(examined(text, spans=[span(0, len(text) + 100)])),
    "before_the_beginning": lambda text: say(examined(text, spans=[span(-5, 3)])),
    "backwards": lambda text: say(examined(text, spans=[span(13, 0)])),
    "of_no_length": lambda text: say(examined(text, spans=[span(0, 0)])),
    "overlapping": lambda text: say(examined(text, spans=[span(0, 9), span(5, 13)])),
    "out_of_order": lambda text: say(examined(text, spans=spans(text)[::-1])),
    "of_no_kind": lambda text: say(examined(text, spans=[span(0, 13, kinds=())])),
    "places_as_text": lambda text: say(examined(text, spans=[span("zero", "thirteen")])),
    "found_past_the_end": lambda text: say(examined(text, found=[[0, 10_000]])),
    "talks_in_codes": lambda text: say({"unsafe": ["Ioana Popescu"]}),
    "talks_in_a_refusal": lambda text: say({"refused": "Ioana Popescu"}),
    "no_codes": lambda text: say({"unsafe": []}),
    "codes_as_a_word": lambda text: say({"unsafe": "late"}),
    "codes_as_a_number": lambda text: say({"unsafe": 7}),
}


def main() -> None:
    way = json.loads(sys.argv[1])["way"]
    if way in ON_LOAD:
        ON_LOAD[way]()
        return
    say({"ready": "odd"})
    for line in sys.stdin:
        text = json.loads(line)["text"]
        if "ODD" in text:
            ON_TEXT[way](text)
        else:
            say(examined(text))


if __name__ == "__main__":
    main()

"""Redaction on corpora that people have marked: protected share, over-redaction, held share and speed.

Run as `python -m benchmarks.redaction DIR`, where DIR holds JSON Lines as `redaction/measure.py` reads them;
every table stands beside presidio as it comes, with the same model, on the same texts, in the same run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from redaction.detectors.models import DEFAULT
from redaction.detectors.standard import standard_engine
from redaction.measure import compare, table


def tables(corpora: Path | None) -> Iterator[str]:
    """One table for each corpus in the folder; without a folder, the line that says so."""
    files = sorted(corpora.glob("*.jsonl")) if corpora else []
    if not files:
        yield "redaction on marked corpora: not run\n"
        return
    engine = standard_engine(DEFAULT)
    for path in files:
        yield table(path.stem, compare(path, engine=engine, models=DEFAULT, beside_stock=True))


if __name__ == "__main__":
    for one in tables(Path(sys.argv[1]) if sys.argv[1:] and sys.argv[1] else None):
        print(one, flush=True)

"""`python -m benchmarks [CORPORA]`: every benchmark in turn; those that read corpora say "not run" without them."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import redaction

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] and sys.argv[1] else None
    for one in redaction.tables(folder):
        print(one, flush=True)

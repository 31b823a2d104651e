"""All rows of the catalogue, in its order."""

from __future__ import annotations

from attacks import rows_names, rows_numbers, rows_strings
from attacks.catalogue import Row

ROWS: tuple[Row, ...] = (*rows_names.ROWS, *rows_strings.ROWS, *rows_numbers.ROWS)

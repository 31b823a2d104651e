"""All rows of the catalogue, in its order."""

from __future__ import annotations

from attacks import rows_dates, rows_names, rows_numbers, rows_strings, rows_worn
from attacks.catalogue import Row

ROWS: tuple[Row, ...] = (
    *rows_names.ROWS,
    *rows_worn.ROWS,
    *rows_strings.ROWS,
    *rows_numbers.ROWS,
    *rows_dates.ROWS,
)

"""What each code of a mistake in a spreadsheet means, and what to do about it. Nothing in here is anybody's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from share.problems import ADVICE as OF_REQUESTS
from share.problems import FIELD_CODES

OF_FILES: Final[Mapping[str, str]] = {
    "file_too_large": "The file is too large: cut it in two.",
    "empty_file": "The file is empty.",
    "no_rows": "There is no row below the header.",
    "too_many_rows": "Send at most 2,000 rows at once: cut the file in two.",
    "too_many_columns": "There are too many columns, or something stands far to the right of the table.",
    "too_many_sheets": "There are too many sheets.",
    "several_sheets": "Several sheets could be meant: call the one with the reports `reports`.",
    "not_a_spreadsheet": "This is no CSV and no XLSX that can be read: save it again, or as CSV UTF-8.",
    "locked": "The file has a password or is of an old kind: save it without one, as XLSX or CSV UTF-8.",
    "unpacks_to_too_much": "The file unpacks to more than any table of reports: save the reports alone.",
    "macros": "The file holds macros: save it as XLSX without them.",
    "links_to_other_files": "The file draws on other files: paste the values alone into a new one.",
    "merged_cells": "Cells are merged: separate them, so that every row is whole.",
    "not_utf8": "The text is in another encoding: save the file as CSV UTF-8, or as XLSX.",
    "forbidden_character": "A character stands here that no text has: save the file again.",
    "broken_quotation": "A quotation mark is open or misplaced: save the file again from a spreadsheet.",
    "too_few_cells": "The row has fewer cells than the header: is its separator another one?",
    "cell_without_a_column": "Something stands beyond the last column that has a name.",
    "column_without_a_name": "The column has no name in the header.",
    "unknown_column": "There is no such column: compare its name with the template.",
    "column_twice": "The column is there twice.",
}
OF_ROWS: Final[Mapping[str, str]] = {
    "formula": "A formula stands here: paste its value.",
    "error_value": "An error of the spreadsheet stands here: correct it, or empty the cell.",
    "time_of_day": "A time stands here where a date or a word is wanted.",
    "unknown_code": "This is not a code of the list; the nearest one is offered where there is one.",
    "not_yes_or_no": "Write yes or no.",
    "not_a_number": "Write a whole number in figures.",
    "row_twice": "A row above is this very report, or has the same reference.",
    "missing": "Something must stand here.",
    "choices_disagree": "The columns of the choices and the one of all answers say different things.",
    "no_such_parent": "The row belongs to no submission of the first sheet.",
    "repeat_in_a_repeat": "Repeats within repeats are not read.",
    "index_twice": "Two submissions have the same index.",
    "code_used_twice": "Two people, or a person and a suspect, have the same code.",
    "concerns_unknown_person": "It concerns somebody who is not in this report.",
    "kin_of_unknown_person": "It names kin of somebody who is not in this report.",
    "ground_for_unknown_person": "It is a ground for somebody who is not in this report.",
    "text_too_long": "The text is too long.",
}
ADVICE: Final[Mapping[str, str]] = {
    **OF_REQUESTS,
    **{code: words[:1].upper() + words[1:] + "." for code, words in FIELD_CODES.items()},
    **OF_FILES,
    **OF_ROWS,
}
"""In English; the pages have the same in every language."""

"""Figures that were typed or scanned as letters, read as figures: "O745 3I8", "l2.o7.1998"."""

from __future__ import annotations

from typing import Final

import regex

from redaction.findings import View

LOOKS: Final = str.maketrans("oil|zsbg", "01112586")

# Figures and letters that look like them, alone or in a chain such as a date, with a figure somewhere.
_CHAIN: Final = regex.compile(
    r"(?<![a-z0-9])(?=[oil|zsbg./\-]*[0-9])[0-9oil|zsbg]++(?:[./\-][0-9oil|zsbg]++)*+(?![a-z0-9])"
)


def in_figures(view: View) -> View:
    """`view`, which is folded, with o, i, l, |, z, s, b and g read as figures in chains that hold one.

    Words stay: "so", "5 girls". What is read this way is only a possibility ("5g" is "56"), so that it serves
    to look for a number that is known and never to find one.
    """
    pieces = _CHAIN.sub(lambda match: match.group().translate(LOOKS), view.text)
    return View(view.name, pieces, view.starts, view.ends)


def figures_key(text: str) -> str:
    """`text`, folded, with every letter that looks like a figure read as one, in all of it."""
    return text.translate(LOOKS)

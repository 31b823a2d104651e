"""How a view is made from another without losing the way back to the raw text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import regex

from redaction.findings import View


def raw_view(text: str) -> View:
    """The text as it came: every character is its own origin."""
    return View("raw", text, range(len(text)), range(1, len(text) + 1))


def substituted(
    view: View, name: str, pattern: regex.Pattern[str], replace: Callable[[regex.Match[str]], str]
) -> View:
    """`view` with every match of `pattern` replaced; what replaces a match points at all of it.

    A view in which nothing changes shares its text with `view`, so that readers can skip it.
    """
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(view.text):
        here, there = match.span()
        piece = replace(match)
        if here == there or piece == match.group():
            continue
        pieces += (view.text[done:here], piece)
        low, high = view.raw(here, there)
        starts += view.starts[done:here]
        starts += [low] * len(piece)
        ends += view.ends[done:here]
        ends += [high] * len(piece)
        done = there
    if not pieces:
        return View(name, view.text, view.starts, view.ends)
    pieces.append(view.text[done:])
    starts += view.starts[done:]
    ends += view.ends[done:]
    return View(name, "".join(pieces), starts, ends)


def only(view: View, name: str, wanted: Callable[[str], bool]) -> View:
    """The characters of `view` that are `wanted`, side by side."""
    kept = [place for place, character in enumerate(view.text) if wanted(character)]
    return View(
        name,
        "".join([view.text[place] for place in kept]),
        [view.starts[place] for place in kept],
        [view.ends[place] for place in kept],
    )


def capsules(view: View, name: str, contents: Iterable[tuple[int, int, str]]) -> View:
    """A line for each `(start, end, content)`; its characters all point at the whole of `start` to `end`."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, content in contents:
        low, high = view.raw(start, end)
        pieces.append(content + "\n")
        starts += [low] * (len(content) + 1)
        ends += [high] * (len(content) + 1)
    return View(name, "".join(pieces), starts, ends)

"""Forms as a browser without scripts would send them: what stands in every field of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

LEFT_OUT = ("form_token", "here")


@dataclass
class Form:
    """One form of a page: where it goes, and its fields with what stands in them."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def filled(self, typed: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
        """What is sent when these fields are filled in otherwise; all of them must be on the page."""
        assert set(typed) <= self.names, sorted(set(typed) - self.names)
        said = {name: values for name, values in self.fields.items() if name not in LEFT_OUT}
        return said | {name: [value] if isinstance(value, str) else value for name, value in typed.items()}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.inside: Form | None = None
        self.select: str | None = None
        self.area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.inside = Form(said.get("action") or "")
            self.forms.append(self.inside)
        if self.inside is None:
            return
        name = said.get("name") or ""
        if tag in ("input", "select", "textarea", "button") and name:
            self.inside.names.add(name)
        if tag == "input":
            ticked = said.get("type") not in ("checkbox", "radio") or "checked" in said
            if ticked:
                self.inside.fields.setdefault(name, []).append(said.get("value") or "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in said:
            self.inside.fields[self.select] = [said.get("value") or ""]
        elif tag == "textarea":
            self.area = (name, [])

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None and self.inside is not None:
            name, text = self.area
            self.inside.fields[name] = ["".join(text).removeprefix("\n")]
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = None


def forms(page: str) -> list[Form]:
    """All forms of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_to(page: str, action: str) -> Form:
    """The form of a page that is sent to this address, with the most fields if there are several."""
    found = [each for each in forms(page) if each.action == action]
    assert found, "no such form on this page"
    return max(found, key=lambda each: len(each.names))


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", ()))


def elements(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """What a page is made of, words aside."""
    reader = _Elements()
    reader.feed(page)
    reader.close()
    return reader.found

"""The value that gets published: content, the same for a whole circle, in an envelope of its own version.

Content holds codes and, where a person approved it, redacted text. Preview equals content, byte for byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from policies.terms import Tlp

FORM = "parallax-bulletin/1"
NOTICE = "intelligence-not-evidence"
NUMBERED = "person-"
LABELS = tuple(tlp.label for tlp in Tlp)


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One typed statement: a kind of the vocabulary, its value at the rung allowed, and that rung."""

    kind: str
    value: str
    rung: str


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together: a person, a leg of the route, an offer, a suspect."""

    name: str
    facts: tuple[Fact, ...]
    about: str | None = None

    def to_plain(self) -> dict[str, Any]:
        """The section as JSON values."""
        facts = [{"kind": f.kind, "value": f.value, "rung": f.rung} for f in self.facts]
        return {"section": self.name, "facts": facts} | ({"about": self.about} if self.about else {})

    def says_no_more_than(self, other: Section) -> bool:
        """Whether every fact here stands there too, of the same person. Numbers given within a bulletin may move."""
        numbered = (self.about or "").startswith(NUMBERED) and (other.about or "").startswith(NUMBERED)
        same_person = self.about is None or self.about == other.about or numbered
        return self.name == other.name and same_person and set(self.facts) <= set(other.facts)


@dataclass(frozen=True, slots=True)
class Narrative:
    """Redacted text and the language it is in."""

    language: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Content:
    """What one circle is told about one report, and nothing that differs between its members."""

    circle: str
    tlp: str
    sections: tuple[Section, ...]
    narrative: Narrative | None
    fences: tuple[str, ...]

    def to_plain(self) -> dict[str, Any]:
        """The content as JSON values."""
        plain: dict[str, Any] = {
            "form": FORM,
            "type": "incident",
            "notice": NOTICE,
            "circle": self.circle,
            "tlp": self.tlp,
            "fences": sorted(self.fences),
            "sections": [section.to_plain() for section in self.sections],
        }
        if self.narrative:
            plain["narrative"] = {"language": self.narrative.language, "text": self.narrative.text}
        return plain

    def canonical(self) -> bytes:
        """RFC 8785 bytes: what a preview shows, an approval names and a signature covers."""
        return rfc8785.dumps(self.to_plain())

    def is_empty(self) -> bool:
        """Whether there is nothing to tell. The grading of a source alone tells nothing."""
        return self.narrative is None and all(section.name == "source" for section in self.sections)

    def without_narrative(self) -> Content:
        """The same facts alone."""
        return Content(self.circle, self.tlp, self.sections, None, self.fences)

    def fullness(self) -> int:
        """How much this content tells: for choosing the fullest of several bulletins about one report."""
        return 10 * sum(len(s.facts) for s in self.sections) + (1000 if self.narrative else 0)

    def tells_no_more_than(self, other: Content) -> bool:
        """Whether every statement here already stood in `other`, under markings and fences no weaker than here.

        Then it needs no new approval. Each section must have a section of its own in `other` that says as much.
        """
        same_text = self.narrative is None or self.narrative == other.narrative
        as_guarded = set(other.fences) <= set(self.fences) and LABELS.index(self.tlp) <= LABELS.index(
            other.tlp
        )
        left = list(other.sections)
        for section in self.sections:
            fuller = next((one for one in left if section.says_no_more_than(one)), None)
            if fuller is None:
                return False
            left.remove(fuller)
        return same_text and as_guarded and self.circle == other.circle


def recall_content(*, circle: str, tlp: str) -> bytes:
    """The content of a recalled bulletin: that it was recalled, and nothing else. It gives no reason."""
    return rfc8785.dumps(
        {"form": FORM, "type": "recall", "circle": circle, "tlp": tlp, "notice": "recalled-delete-copies"}
    )


def digest(content: bytes) -> str:
    """SHA-256 of canonical content in hexadecimal: what an approval names."""
    return hashlib.sha256(content).hexdigest()


def document(envelope: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """What is signed: envelope and content together, so that neither can be put with another."""
    return {"envelope": dict(envelope), "content": dict(content)}


def content_from_plain(plain: Mapping[str, Any]) -> Content:
    """A stored incident content as a value again."""
    narrative = plain.get("narrative")
    return Content(
        circle=plain["circle"],
        tlp=plain["tlp"],
        sections=tuple(
            Section(
                s["section"],
                tuple(Fact(f["kind"], f["value"], f["rung"]) for f in s["facts"]),
                s.get("about"),
            )
            for s in plain["sections"]
        ),
        narrative=Narrative(narrative["language"], narrative["text"]) if narrative else None,
        fences=tuple(plain["fences"]),
    )

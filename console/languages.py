"""The languages of the pages, from message catalogues as gettext and Babel read them. Codes are never translated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ro": "Română",
    "it": "Italiano",
    "ar": "العربية",
}
"""Each language by its own name, in which whoever needs it will look for it."""

RIGHT_TO_LEFT: Final = frozenset({"ar"})


def N_(sentence: str) -> str:  # noqa: N802  the name under which message catalogues are gathered
    """A sentence that is translated later, where it is shown."""
    return sentence


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: its code, its direction, and the words of the pages in it."""

    code: str
    direction: str
    catalogue: NullTranslations = field(repr=False)

    def gettext(self, text: str) -> str:
        """`text`, which is English, in this language; as it is where nobody translated it."""
        return str(self.catalogue.gettext(text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The form of a sentence that the language wants for the number `n`."""
        return str(self.catalogue.ngettext(one, many, n))


@cache
def speech(code: str) -> Speech:
    """The language `code`, read once. English needs no catalogue."""
    direction = "rtl" if code in RIGHT_TO_LEFT else "ltr"
    return Speech(code, direction, NullTranslations() if code == "en" else _catalogue(code))


def _catalogue(code: str) -> Translations:
    source = files("console").joinpath("translations", code, "LC_MESSAGES", "messages.po")
    with source.open("rb") as written:
        catalogue = read_po(written, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)

"""The scan for canaries finds them in every disguise that it promises to see through, and not in plain words."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from canaries import Canary, Hit, Scan
from story_canaries import index, spellings

NAMES = ("Sălcudean", "Lăzărean-Mocanu", "Deea", "ioana.salcudean03@mail.example.org", "Luminita Hîncu")
PHONES = ("+40740000213", "0740 000 213", "0740.000.319", "+373 69 000 142")
INITIALS = ("L.B.", "HB", "A.C.P.")


def zipped(data: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", data)
    return kept.getvalue()


def padded(text: str, by: int) -> bytes:
    return b"x" * by + b" " + text.encode() + b" and more"


DISGUISES: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda text: text.encode(),
    "in capitals": lambda text: text.upper().encode(),
    "casefolded": lambda text: text.casefold().encode(),
    "without accents": lambda text: text.translate(str.maketrans("ăâîșțéóü", "aaisteou")).encode(),
    "escaped": lambda text: json.dumps(text).encode(),
    "percent-encoded": lambda text: quote(text).encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 from an odd byte": lambda text: b"<" + text.encode("utf-16-be"),
    "base64": lambda text: base64.b64encode(padded(text, 0)),
    "base64, one further": lambda text: base64.b64encode(padded(text, 1)),
    "base64, two further": lambda text: base64.urlsafe_b64encode(padded(text, 2)),
    "gzip": lambda text: b"before" + gzip.compress(padded(text, 9)),
    "zlib": lambda text: b"before" + zlib.compress(padded(text, 9)),
    "zip": lambda text: b"before" + zipped(padded(text, 9)),
    "gzip in base64": lambda text: base64.b64encode(gzip.compress(padded(text, 99))),
    "a token's payload": lambda text: b".".join(
        base64.urlsafe_b64encode(part)
        for part in (b'{"alg":"EdDSA"}', json.dumps([text]).encode(), b"s" * 64)
    ),
}
OF_LONG_ONES: dict[str, Callable[[str], bytes]] = {
    "backwards": lambda text: text[::-1].encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "other separators": lambda text: text.replace(" ", "_").replace("-", "\n").encode(),
}


def hits(canary: str, data: bytes) -> list[Hit]:
    around = b"words before [", b"] words after"
    return list(Scan([Canary(canary, "her")]).hits("here", data.join(around)))


@pytest.mark.parametrize("how", DISGUISES)
@pytest.mark.parametrize("canary", NAMES)
def test_names_are_seen_in_every_disguise(canary: str, how: str) -> None:
    assert hits(canary, DISGUISES[how](canary))


@pytest.mark.parametrize("how", OF_LONG_ONES)
@pytest.mark.parametrize("canary", [name for name in NAMES if len(name) > 4])
def test_longer_names_are_seen_in_more(canary: str, how: str) -> None:
    assert hits(canary, OF_LONG_ONES[how](canary))


@pytest.mark.parametrize(
    "written", ["740000213", "+40 740 000 213", "0740-000-213", "(0740) 000.213", "00407 40000213"]
)
@pytest.mark.parametrize("canary", PHONES[:2])
def test_a_phone_is_seen_whatever_stands_between_its_digits(canary: str, written: str) -> None:
    assert hits(canary, f"call {written}, please".encode())
    assert not hits(canary, b"call 740 000 214, please")


@pytest.mark.parametrize("canary", INITIALS)
def test_initials_are_seen_as_words_in_capitals(canary: str) -> None:
    assert hits(canary, f"said {canary} then".encode())
    assert not hits(canary, f"said X{canary}X then {canary.lower()}".encode())


@pytest.mark.parametrize(("canary", "word"), [("Deni", "denied"), ("Lins", "collins")])
def test_short_names_are_not_seen_inside_of_words(canary: str, word: str) -> None:
    assert not hits(canary, word.encode())
    assert hits(canary, f"{word} {canary.upper()}".encode())


def test_names_that_are_words_too_are_seen_with_a_capital() -> None:
    assert not hits("Beni", b"privazione di beni essenziali")
    assert hits("Beni", b"said Beni") and hits("Beni", b"said BENI")


@pytest.mark.parametrize("written", ["1993-02-24", "1993 02 24", "1993/02/24", "19930224"])
def test_a_date_is_seen_whatever_stands_between_its_digits(written: str) -> None:
    assert hits("1993-02-24", f"born {written}, in".encode())


def test_what_chance_writes_into_ids_and_ciphers_is_not_a_name() -> None:
    assert not hits("1993-02-24", b'"request_id": "1993022", "duration_ms": 40.1')
    assert not hits("1993-02-24", b'"id": "a19930224f"')
    assert not hits("Wil", b"\x9c\xff\x01.Wil-\x00\xfe\x80\x1b then")
    assert hits("Wil", b"\x9c\xff\x01he said Wil-\x00\xfe\x80\x1b") and hits("Wil", b'{"said by": "Wil"}\x00')


def test_a_hit_does_not_repeat_what_was_found() -> None:
    said = repr(hits("Sălcudean", b"Salcudean")) + repr(Canary("Sălcudean", "her"))
    assert "her" in said and "lcudean" not in said


def test_each_canary_of_the_demo_is_one_that_the_scan_can_see() -> None:
    for entry in index():
        for forms in entry["canaries"].values():
            for form in spellings(forms):
                assert hits(form, form.encode()), entry["file"]

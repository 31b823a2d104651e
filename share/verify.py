"""Checks a bulletin file without network, line by line: what is proved, what is only said, what was not looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from config.keys import thumbprint
from partners.errors import NotAcceptable
from partners.jwks import public_key, read_jwk
from share.bulletin import FORM, digest, document
from share.signing import NotGenuine, strict_json, verify

LONGEST_FILE: Final = 8 * 1024 * 1024
_NAMES: Final = {"envelope", "content", "signature"}
_STATES: Final = {"incident": "published", "recall": "recalled"}


class Outcome(StrEnum):
    """What one step came to."""

    PROVED = "proved"
    FAILED = "FAILED"
    SAID = "said, not proved"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at, or left alone."""

    outcome: Outcome
    words: str


class NotAFile(Exception):
    """What was given cannot be read as what it should be. `code` says what is wrong with it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_keys(data: bytes) -> Mapping[str, Ed25519PublicKey]:
    """The keys of a JSON Web Key Set by their ids. Raises `NotAFile` for a key that is odd or misnamed."""
    said = _object(data)
    listed = said.get("keys")
    if not isinstance(listed, list) or not all(isinstance(jwk, dict) for jwk in listed):
        raise NotAFile("not_a_key_set")
    keys: dict[str, Ed25519PublicKey] = {}
    for jwk in listed:
        try:
            key = public_key(read_jwk(jwk))
        except NotAcceptable:
            raise NotAFile("key_not_acceptable") from None
        # An id is a digest of its key, so a set cannot pass one key off under the name of another.
        if jwk.get("kid") != thumbprint(key):
            raise NotAFile("key_misnamed")
        keys[thumbprint(key)] = key
    return keys


def check_bulletin(
    data: bytes, *, keys: Mapping[str, Ed25519PublicKey] | None, today: date
) -> tuple[Step, ...]:
    """Every step for one bulletin file, in order. Later steps are left out once the file is no bulletin at all.

    1. the form; 2. the digest; 3. envelope and content belong together; 4. the signature, by a key that the
    verifier brought; then what is only said, and what nothing here can show.
    """
    try:
        envelope, content, signature = _taken_apart(data)
    except NotAFile as wrong:
        return (Step(Outcome.FAILED, f"the file has the form of a bulletin ({wrong.code})"),)
    return (
        Step(Outcome.PROVED, "the file has the form of a bulletin, with each name once"),
        _held("the content is the one whose digest the envelope names", _digest_holds(envelope, content)),
        _held("envelope and content speak of the same circle and the same act", _agree(envelope, content)),
        _signature(document(envelope, content), signature, keys),
        *_said(envelope, content, today),
        Step(Outcome.UNCHECKED, "that the ledger holds this bulletin, and since when"),
        Step(Outcome.UNCHECKED, "that there is no newer version and no recall: ask the service"),
        Step(Outcome.UNCHECKED, "that what it tells is true: it is intelligence, not evidence"),
    )


def holds(steps: tuple[Step, ...]) -> bool:
    """Whether the file may be relied on: nothing failed, and the signature was among what was proved."""
    checked = [step.outcome for step in steps if step.outcome in (Outcome.PROVED, Outcome.FAILED)]
    return checked == [Outcome.PROVED] * 4


def _taken_apart(data: bytes) -> tuple[Mapping[str, Any], Mapping[str, Any], str]:
    said = _object(data)
    if said.keys() != _NAMES:
        raise NotAFile("wrong_members")
    envelope, content, signature = said["envelope"], said["content"], said["signature"]
    if not isinstance(envelope, dict) or not isinstance(content, dict) or not isinstance(signature, str):
        raise NotAFile("wrong_types")
    if content.get("form") != FORM or content.get("type") not in _STATES:
        raise NotAFile("unknown_form")
    return envelope, content, signature


def _object(data: bytes) -> dict[str, Any]:
    if len(data) > LONGEST_FILE:
        raise NotAFile("too_long")
    try:
        data.decode()
        said = strict_json(data)
    except ValueError:
        raise NotAFile("not_strict_json") from None
    if b"\0" in data:
        raise NotAFile("not_strict_json")  # it was read in another encoding than UTF-8
    if not isinstance(said, dict):
        raise NotAFile("not_an_object")
    return said


def _digest_holds(envelope: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    try:
        return digest(rfc8785.dumps(dict(content))) == envelope.get("content_sha256")
    except (ValueError, TypeError, RecursionError):
        return False


def _agree(envelope: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    same_circle = isinstance(content.get("circle"), str) and content["circle"] == envelope.get("circle")
    return same_circle and envelope.get("state") == _STATES[content["type"]]


def _held(words: str, holds_: bool) -> Step:
    return Step(Outcome.PROVED if holds_ else Outcome.FAILED, words)


def _signature(
    signed: Mapping[str, Any], signature: str, keys: Mapping[str, Ed25519PublicKey] | None
) -> Step:
    words = "the signature is by one of the keys that you brought, over exactly this"
    if keys is None:
        return Step(Outcome.UNCHECKED, "the signature: bring the service's keys with --keys")
    try:
        verify(signed, signature, keys=keys)
    except NotGenuine as wrong:
        return Step(Outcome.FAILED, f"{words} ({wrong.code})")
    return Step(Outcome.PROVED, words)


def _said(envelope: Mapping[str, Any], content: Mapping[str, Any], today: date) -> tuple[Step, ...]:
    if content["type"] == "recall":
        return (Step(Outcome.SAID, "it was recalled: delete every copy of the version before"),)
    try:
        until = date.fromisoformat(envelope["valid_until"])
    except (KeyError, TypeError, ValueError):
        return (Step(Outcome.FAILED, "it says until when it is valid"),)
    past = ", and that day is past" if today > until else ""
    return (Step(Outcome.SAID, f"it is valid until {until.isoformat()}{past}"),)

"""The claims of a token whose signature is right: each of one type, in one spelling, and in time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from partners.errors import TokenError

LEEWAY: Final = timedelta(seconds=30)

_JTI = re.compile(r"[A-Za-z0-9_.:~-]{16,128}")
_LATEST = 2**40


def text(claims: Mapping[str, Any], name: str) -> str:
    """A claim that is text."""
    value = claims[name]
    if not isinstance(value, str):
        raise TokenError("claims")
    return value


def demand_text(claims: Mapping[str, Any], name: str, expected: str) -> None:
    """Raise unless the claim is exactly `expected`."""
    # An empty expectation is a mistake of ours; it must not be met by an empty claim.
    if not expected or text(claims, name) != expected:
        raise TokenError(name)


def jti(claims: Mapping[str, Any]) -> str:
    """The token's own id: long enough to be random, and without surprises."""
    identity = text(claims, "jti")
    if not _JTI.fullmatch(identity):
        raise TokenError("claims")
    return identity


def _seconds(claims: Mapping[str, Any], name: str) -> int:
    value = claims[name]
    # bool is an int in Python, so the type is compared and not asked with isinstance.
    if type(value) is not int or not 0 < value < _LATEST:
        raise TokenError("claims")
    return value


def moment(claims: Mapping[str, Any], name: str) -> datetime:
    """A claim that is a moment: a whole number of seconds and nothing else."""
    try:
        return datetime.fromtimestamp(_seconds(claims, name), UTC)
    except (ValueError, OverflowError, OSError):
        raise TokenError("claims") from None


def in_time(claims: Mapping[str, Any], now: datetime, longest: timedelta) -> None:
    """Raise unless the token has begun, has not ended, and was never meant to last longer than `longest`."""
    issued, expires = moment(claims, "iat"), moment(claims, "exp")
    begins = moment(claims, "nbf") if "nbf" in claims else issued
    if not timedelta(0) < expires - issued <= longest or begins > expires:
        raise TokenError("lifetime")
    if issued > now + LEEWAY or begins > now + LEEWAY:
        raise TokenError("not_yet")
    if now >= expires + LEEWAY:
        raise TokenError("expired")

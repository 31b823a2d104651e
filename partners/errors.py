"""What can go wrong in this room. Each error is a code, and says nothing about what was sent."""

from __future__ import annotations


class PartnersError(Exception):
    """The root of this room's errors."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotThere(PartnersError):
    """There is no such thing, or it is not the asker's to know: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("not_found")


class NotAllowed(PartnersError):
    """The asker is known, but may not do this."""


class Conflict(PartnersError):
    """It clashes with what is already there: a taken name, a stale proposal, a decision already made."""


class NotAcceptable(PartnersError):
    """What was asked for is not possible: a word outside the vocabulary, a weak key, days in the wrong order.

    `field` says where, so that the asker can find it; what stood there is not repeated.
    """

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code)
        self.field = field


class TokenError(PartnersError):
    """A token, an assertion or a second factor that is not accepted."""

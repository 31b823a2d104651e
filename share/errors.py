"""What can go wrong in this room. Every error is a stable code; none repeats what was sent."""

from __future__ import annotations


class ShareError(Exception):
    """The root of this room's errors; `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotThere(ShareError):
    """There is no such thing, or it is not the asker's to know: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("not_found")


class NotAcceptable(ShareError):
    """What was sent cannot be taken. `path` says where, in names of the form, never in values."""

    def __init__(self, code: str, path: str | None = None) -> None:
        super().__init__(code)
        self.path = path


class Conflict(ShareError):
    """It clashes with what is already there: a used key, a stale preview, a decision already made."""


class Stale(ShareError):
    """Something changed between looking and writing; the whole step is done again."""

    def __init__(self) -> None:
        super().__init__("stale")

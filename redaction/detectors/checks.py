"""Questions that a pattern may ask of what it matched, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

CHECKS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType({})

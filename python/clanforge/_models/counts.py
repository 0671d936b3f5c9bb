"""Machine counts, as the native module describes them."""

from __future__ import annotations

from .. import _clanforge
from .._generated.words import Readiness
from .record import Record


class Described(Record):
    """The counts themselves, or an object with counts."""

    __slots__ = ()

    def __post_init__(self) -> None:
        # The native module checks the sum.
        self._description()

    def _counts(self) -> tuple[int, ...]:
        return self._values()

    def _description(self) -> tuple[Readiness, bool, int, float | None, str]:
        return _clanforge.describe_counts(*self._counts())

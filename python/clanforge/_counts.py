"""What machine counts say: the methods of a status and its parts."""

from __future__ import annotations

from . import _clanforge
from ._generated.words import Readiness
from ._record import Record


class _Described:
    """What three counts say."""

    __slots__ = ()

    def _counts(self) -> tuple[int, ...]:
        raise NotImplementedError

    @property
    def total_machines(self) -> int:
        """The number of all machines."""
        return sum(self._counts())

    @property
    def percent_complete(self) -> float | None:
        """The completed machines in percent of all, 100.0 only if all are; ``None`` without machines."""
        return _clanforge.describe_counts(*self._counts())[0]

    @property
    def percent_text(self) -> str:
        """The percentage as text: ``"97.5 %"``, never rounded up to ``"100 %"``."""
        return _clanforge.describe_counts(*self._counts())[1]

    @property
    def readiness(self) -> Readiness:
        """What the counts say: ``"empty"``, ``"installing"``, ``"degraded"`` or ``"ready"``."""
        return _clanforge.describe_counts(*self._counts())[2]

    @property
    def is_ready(self) -> bool:
        """Whether there are machines and all are completed. Only a wait can tell whether they have the new version."""
        return self.readiness == "ready"


class MachineCountsMethods(_Described, Record):
    __slots__ = ()

    def __post_init__(self) -> None:
        # The native module checks the sum.
        _clanforge.describe_counts(*self._values())

    def _counts(self) -> tuple[int, ...]:
        return self._values()


class Counted(_Described):
    """A status or a part of it, with counts of its own."""

    __slots__ = ()

    counts: _Described

    def _counts(self) -> tuple[int, ...]:
        return self.counts._counts()

    @property
    def pending_machines(self) -> int:
        """Running machines with an install pending."""
        return self._counts()[0]

    @property
    def failed_machines(self) -> int:
        """Disabled machines that are unable to install."""
        return self._counts()[1]

    @property
    def completed_machines(self) -> int:
        """Running machines that are fully installed."""
        return self._counts()[2]

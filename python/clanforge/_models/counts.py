"""The properties of a status, a fleet and a region that depend on the machine counts alone."""

from __future__ import annotations

from .. import _clanforge
from .._generated.words import Readiness
from .record import Record


class _Described:
    """Properties that depend on the three counts alone."""

    __slots__ = ()

    def _counts(self) -> tuple[int, ...]:
        raise NotImplementedError

    @property
    def total_machines(self) -> int:
        """The number of all machines."""
        return sum(self._counts())

    @property
    def percent_complete(self) -> float | None:
        """The share of completed machines in percent: 100.0 only if all are completed, ``None`` if there are no machines."""
        return _clanforge.describe_counts(*self._counts())[0]

    @property
    def percent_text(self) -> str:
        """The percentage as text, such as ``"97.5 %"``: never rounded up to ``"100 %"``, and ``"-"`` if there are no machines."""
        return _clanforge.describe_counts(*self._counts())[1]

    @property
    def readiness(self) -> Readiness:
        """What the counts alone say: ``"empty"``, ``"installing"``, ``"degraded"`` or ``"ready"``."""
        return _clanforge.describe_counts(*self._counts())[2]

    @property
    def is_ready(self) -> bool:
        """Whether there are machines and all are completed. Only a wait can tell whether this is the new version."""
        return self.readiness == "ready"


class MachineCountsMethods(_Described, Record):
    __slots__ = ()

    def __post_init__(self) -> None:
        # The native module checks the sum.
        _clanforge.describe_counts(*self._values())

    def _counts(self) -> tuple[int, ...]:
        return self._values()


class Counted(_Described):
    """A status, a fleet or a region: an object with counts."""

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

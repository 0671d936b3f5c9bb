"""The caller's own definition of ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from . import _clanforge
from ._checked import Checked
from ._json import Record, dumps, field, loads
from ._models import ImageStatus, MachineCounts
from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["CountName", "Gate", "Limit", "Per", "Scope", "ScopeVerdict", "Shortfall", "Verdict"]

Per = Literal["total", "fleet", "region"]
"""What the limits of a gate apply to."""

CountName = Literal["pending_machines", "failed_machines", "completed_machines"]
"""One of the three counts."""


@dataclass(frozen=True, slots=True)
class Limit(Record):
    """The most machines of a kind that a gate allows: a number, or a percentage of the scope's machines.

    >>> Limit("2.5%") == Limit("2.50%"), str(Limit(3))
    (True, '3')

    Attributes:
        value: The number of machines, or a text such as ``"5%"``, which is rounded down to whole machines.
    """

    value: int | str

    def __post_init__(self) -> None:
        if isinstance(self.value, bool) or not isinstance(self.value, (int, str)):
            raise ConfigurationError(f"invalid limit {self.value!r}: a number of machines, or a percentage such as '5%'")
        checked = loads(_clanforge.check_gate(dumps({"max_pending": self.value})))
        object.__setattr__(self, "value", checked["max_pending"])

    def to_dict(self) -> dict[str, int | str]:
        """Return the value under its name."""
        return {"value": self.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Limit:
        """Return the limit of a dictionary that `to_dict` made."""
        return cls(field(data, "value", "a limit"))

    def __str__(self) -> str:
        return str(self.value)


class Gate(Checked):
    """The caller's own definition of ready: three limits, one for each count, and where they apply.

    A status passes when in every scope that ``per`` names the pending and the failed machines are no more, and the
    completed machines no fewer, than the gate says, all in one reading. What the gate names and the reading does not have
    is never ready. A gate is immutable, equal to another by value, hashable, and can be pickled.

    >>> gate = Gate(max_failed="5%", min_completed=40)
    >>> status = ImageStatus.from_dict({"pending_machines": 0, "failed_machines": 2, "completed_machines": 40})
    >>> gate.evaluate(status).ready
    True

    Args:
        max_pending: The most machines with installs pending that a scope may have: a number, or ``"5%"`` of its machines.
        max_failed: The most failed machines that a scope may have, likewise.
        min_completed: The fewest completed machines that a scope must have; 0 lets an image without machines pass.
        per: What the limits apply to: ``"total"``, each ``"fleet"``, or each ``"region"``.
        fleets: The ids of the fleets to judge; none for all.
        regions: The ids or names of the regions to judge; none for all.

    Raises:
        ConfigurationError: where a value is no limit; the text names it.
    """

    __slots__ = ("fleets", "max_failed", "max_pending", "min_completed", "per", "regions")
    __match_args__ = ("max_pending", "max_failed", "min_completed", "per", "fleets", "regions")

    _what = "gate"
    _check = staticmethod(_clanforge.check_gate)

    max_pending: Limit
    max_failed: Limit
    min_completed: int
    per: Per
    fleets: frozenset[str]
    regions: frozenset[str]

    def __init__(
        self,
        *,
        max_pending: Limit | int | str = 0,
        max_failed: Limit | int | str = 0,
        min_completed: int = 1,
        per: Per = "total",
        fleets: Iterable[str] = (),
        regions: Iterable[str] = (),
    ) -> None:
        for name, ids in (("fleets", fleets), ("regions", regions)):
            if isinstance(ids, str):
                raise ConfigurationError(f"{name} is the text {ids!r}: give a list of ids")
        self._hold(
            dumps(
                {
                    "max_pending": max_pending.value if isinstance(max_pending, Limit) else max_pending,
                    "max_failed": max_failed.value if isinstance(max_failed, Limit) else max_failed,
                    "min_completed": min_completed,
                    "per": per,
                    "fleets": sorted(fleets),
                    "regions": sorted(regions),
                }
            )
        )

    def _hold(self, text: str) -> None:
        super()._hold(text)
        checked = self.to_dict()
        for name in ("max_pending", "max_failed"):
            object.__setattr__(self, name, Limit(checked[name]))
        for name in ("min_completed", "per"):
            object.__setattr__(self, name, checked[name])
        for name in ("fleets", "regions"):
            object.__setattr__(self, name, frozenset(checked[name]))

    @property
    def needs_detail(self) -> bool:
        """Whether the gate cannot judge a status without detail."""
        return self.per != "total" or bool(self.fleets) or bool(self.regions)

    def evaluate(self, status: ImageStatus) -> Verdict:
        """Judge one status."""
        return Verdict.from_dict(loads(_clanforge.evaluate(self._text, status._native)))

    def __repr__(self) -> str:
        return f"Gate({', '.join(f'{name}={value!r}' for name, value in self._changed().items())})"


@dataclass(frozen=True, slots=True)
class Scope(Record):
    """A part of a status that a gate judges as one.

    Attributes:
        kind: ``"total"``, ``"selection"``, ``"fleet"``, ``"region"``, ``"unaccounted"`` (the pending and failed machines
            that a whole states and its parts do not), or ``"missing"`` (what the gate names and the reading lacks).
        fleet_id: The fleet's id, for a fleet or a region.
        region_id: The region's id, for a region.
        name: The region's name, or what is missing.
        missing: What kind of thing is missing.
    """

    kind: str
    fleet_id: str | None = None
    region_id: str | None = None
    name: str | None = None
    missing: str | None = None

    def to_dict(self) -> dict[str, str]:
        """Return the fields that it has."""
        fields = {
            "kind": self.kind,
            "missing": self.missing,
            "fleet_id": self.fleet_id,
            "region_id": self.region_id,
            "name": self.name,
        }
        return {name: value for name, value in fields.items() if value is not None}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scope:
        """Return the scope of a dictionary that `to_dict` made."""
        return cls(field(data, "kind", "a scope"), *(data.get(name) for name in ("fleet_id", "region_id", "name", "missing")))


@dataclass(frozen=True, slots=True)
class Shortfall(Record):
    """A limit that counts miss.

    Attributes:
        count: Which of the three counts.
        have: How many machines there are.
        limit: How many there may be at most, or for the completed ones must be at least.
    """

    count: CountName
    have: int
    limit: int

    def to_dict(self) -> dict[str, Any]:
        """Return the fields."""
        return {"count": self.count, "have": self.have, "limit": self.limit}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Shortfall:
        """Return the shortfall of a dictionary that `to_dict` made."""
        count, have, limit = (field(data, name, "a shortfall") for name in ("count", "have", "limit"))
        return cls(count, have, limit)


@dataclass(frozen=True, slots=True)
class ScopeVerdict(Record):
    """What a gate says of one scope.

    Attributes:
        scope: What was judged.
        counts: Its machines; ``None`` where the reading does not have what the gate names.
        shortfalls: The limits that they miss: pending, failed, completed, in this order.
    """

    scope: Scope
    counts: MachineCounts | None
    shortfalls: tuple[Shortfall, ...]

    @property
    def ready(self) -> bool:
        """Whether the scope is in the reading and within every limit."""
        return self.counts is not None and not self.shortfalls

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, as plain values."""
        return {
            "scope": self.scope.to_dict(),
            "counts": self.counts.to_dict() if self.counts else None,
            "shortfalls": [shortfall.to_dict() for shortfall in self.shortfalls],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ScopeVerdict:
        """Return the verdict of a dictionary that `to_dict` made."""
        scope, counts, shortfalls = (field(data, name, "a scope's verdict") for name in ("scope", "counts", "shortfalls"))
        return cls(
            Scope.from_dict(scope),
            MachineCounts.from_dict(counts) if counts else None,
            tuple(map(Shortfall.from_dict, shortfalls)),
        )


@dataclass(frozen=True, slots=True)
class Verdict(Record):
    """What a gate says of one status, and why not. True where it is ready.

    Attributes:
        ready: Whether every scope passes.
        reason: A sentence that a person can act on: the scope that lacks most, what it has, and what is allowed.
        scopes: What was judged, in the order of the reading.
    """

    ready: bool
    reason: str
    scopes: tuple[ScopeVerdict, ...]

    def __bool__(self) -> bool:
        return self.ready

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, as plain values."""
        return {"ready": self.ready, "reason": self.reason, "scopes": [scope.to_dict() for scope in self.scopes]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verdict:
        """Return the verdict of a dictionary that `to_dict` made."""
        ready, reason, scopes = (field(data, name, "a verdict") for name in ("ready", "reason", "scopes"))
        return cls(ready, reason, tuple(map(ScopeVerdict.from_dict, scopes)))

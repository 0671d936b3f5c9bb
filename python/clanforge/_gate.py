"""Your definition of ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from . import _clanforge
from ._validated import Validated
from ._json import Record, dumps, field, loads
from ._models import ImageStatus, MachineCounts
from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["CountName", "Gate", "Limit", "Per", "Scope", "ScopeVerdict", "Shortfall", "Verdict"]

Per = Literal["total", "fleet", "region"]
"""The scopes that a gate applies its limits to."""

CountName = Literal["pending_machines", "failed_machines", "completed_machines"]
"""One of the three counts."""


@dataclass(frozen=True, slots=True)
class Limit(Record):
    """A maximum number of machines: a number, or a percentage of the machines of the scope.

    >>> Limit("2.5%") == Limit("2.50%"), str(Limit(3))
    (True, '3')

    Attributes:
        value: The number of machines, or a percentage such as ``"5%"``, which is rounded down to whole machines.
    """

    value: int | str

    def __post_init__(self) -> None:
        if isinstance(self.value, bool) or not isinstance(self.value, (int, str)):
            raise ConfigurationError(f"invalid limit {self.value!r}: expected a number of machines, or a percentage such as '5%'")
        fields = loads(_clanforge.check_gate(dumps({"max_pending": self.value})))
        object.__setattr__(self, "value", fields["max_pending"])

    def to_dict(self) -> dict[str, int | str]:
        """Return the value as a dictionary."""
        return {"value": self.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Limit:
        """Create the limit from a dictionary, as `to_dict` returns it."""
        return cls(field(data, "value", "a limit"))

    def __str__(self) -> str:
        return str(self.value)


class Gate(Validated):
    """Your definition of ready: a limit for each of the three counts, and the scopes that they apply to.

    A status passes when every scope is within all three limits in the same reading. ``per`` selects the scopes: the image,
    each fleet or each region. A selected fleet or region that the reading lacks is not ready. A gate is immutable,
    comparable by value, hashable and picklable.

    >>> gate = Gate(max_failed="5%", min_completed=40)
    >>> status = ImageStatus.from_dict({"pending_machines": 0, "failed_machines": 2, "completed_machines": 40})
    >>> gate.evaluate(status).ready
    True

    Args:
        max_pending: The maximum of pending machines in a scope: a number, or a percentage of its machines such as ``"5%"``.
        max_failed: The maximum of failed machines in a scope: a number or a percentage.
        min_completed: The minimum of completed machines in a scope. With 0 an image without machines passes.
        per: The scopes that the limits apply to: ``"total"``, each ``"fleet"``, or each ``"region"``.
        fleets: The IDs of the fleets to evaluate. Empty selects all.
        regions: The IDs or names of the regions to evaluate. Empty selects all.

    Raises:
        ConfigurationError: where a value is invalid; the message names it.
    """

    __slots__ = ("fleets", "max_failed", "max_pending", "min_completed", "per", "regions")
    __match_args__ = ("max_pending", "max_failed", "min_completed", "per", "fleets", "regions")

    _type_name = "gate"
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
                raise ConfigurationError(f"invalid {name} {ids!r}: expected a list of IDs")
        self._set_json(
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

    def _set_json(self, text: str) -> None:
        super()._set_json(text)
        fields = self.to_dict()
        for name in ("max_pending", "max_failed"):
            object.__setattr__(self, name, Limit(fields[name]))
        for name in ("min_completed", "per"):
            object.__setattr__(self, name, fields[name])
        for name in ("fleets", "regions"):
            object.__setattr__(self, name, frozenset(fields[name]))

    @property
    def needs_detail(self) -> bool:
        """Whether the gate needs a status with detail."""
        return self.per != "total" or bool(self.fleets) or bool(self.regions)

    def evaluate(self, status: ImageStatus) -> Verdict:
        """Evaluate the gate on a status."""
        return Verdict.from_dict(loads(_clanforge.evaluate(self._json, status._native)))

    def __repr__(self) -> str:
        return f"Gate({', '.join(f'{name}={value!r}' for name, value in self._non_default_fields().items())})"


@dataclass(frozen=True, slots=True)
class Scope(Record):
    """A part of a status that a gate evaluates on its own.

    Attributes:
        kind: ``"total"``, ``"selection"``, ``"fleet"``, ``"region"``, ``"unaccounted"`` (pending and failed
            machines in a total that the sum of its parts does not contain), or ``"missing"`` (a scope that the gate selects
            and the reading lacks).
        fleet_id: The ID of the fleet, for a fleet or a region.
        region_id: The ID of the region, for a region.
        name: The name of the region, or of the missing scope.
        missing: The kind of scope that is missing.
    """

    kind: str
    fleet_id: str | None = None
    region_id: str | None = None
    name: str | None = None
    missing: str | None = None

    def to_dict(self) -> dict[str, str]:
        """Return the fields that are set."""
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
        """Create the scope from a dictionary, as `to_dict` returns it."""
        return cls(field(data, "kind", "a scope"), *(data.get(name) for name in ("fleet_id", "region_id", "name", "missing")))


@dataclass(frozen=True, slots=True)
class Shortfall(Record):
    """A limit that a scope does not meet.

    Attributes:
        count: The count that is compared.
        have: The number of machines in the scope.
        limit: The maximum, or for completed machines the minimum.
    """

    count: CountName
    have: int
    limit: int

    def to_dict(self) -> dict[str, Any]:
        """Return the fields."""
        return {"count": self.count, "have": self.have, "limit": self.limit}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Shortfall:
        """Create the shortfall from a dictionary, as `to_dict` returns it."""
        count, have, limit = (field(data, name, "a shortfall") for name in ("count", "have", "limit"))
        return cls(count, have, limit)


@dataclass(frozen=True, slots=True)
class ScopeVerdict(Record):
    """The verdict of a gate on one scope.

    Attributes:
        scope: The scope.
        counts: The machines of the scope; ``None`` where the reading lacks the scope.
        shortfalls: The limits that the scope does not meet, in the order pending, failed, completed.
    """

    scope: Scope
    counts: MachineCounts | None
    shortfalls: tuple[Shortfall, ...]

    @property
    def ready(self) -> bool:
        """Whether the reading has the scope, and every limit is met."""
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
        """Create the verdict from a dictionary, as `to_dict` returns it."""
        scope, counts, shortfalls = (field(data, name, "a scope's verdict") for name in ("scope", "counts", "shortfalls"))
        return cls(
            Scope.from_dict(scope),
            MachineCounts.from_dict(counts) if counts else None,
            tuple(map(Shortfall.from_dict, shortfalls)),
        )


@dataclass(frozen=True, slots=True)
class Verdict(Record):
    """The verdict of a gate on a status, with the reason. True when it is ready.

    Attributes:
        ready: Whether every scope is ready.
        reason: A sentence for people: the scope that misses a limit by most, its count, and the limit.
        scopes: The verdict on each scope, in the order of the reading.
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
        """Create the verdict from a dictionary, as `to_dict` returns it."""
        ready, reason, scopes = (field(data, name, "a verdict") for name in ("ready", "reason", "scopes"))
        return cls(ready, reason, tuple(map(ScopeVerdict.from_dict, scopes)))

"""The caller's own definition of ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from . import _clanforge
from ._json import dumps, loads
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
class Limit:
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

    def __str__(self) -> str:
        return str(self.value)


class Gate:
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

    __slots__ = ("_text", "fleets", "max_failed", "max_pending", "min_completed", "per", "regions")
    __match_args__ = ("max_pending", "max_failed", "min_completed", "per", "fleets", "regions")

    max_pending: Limit
    max_failed: Limit
    min_completed: int
    per: Per
    fleets: frozenset[str]
    regions: frozenset[str]
    _text: str

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
            {
                "max_pending": max_pending.value if isinstance(max_pending, Limit) else max_pending,
                "max_failed": max_failed.value if isinstance(max_failed, Limit) else max_failed,
                "min_completed": min_completed,
                "per": per,
                "fleets": sorted(fleets),
                "regions": sorted(regions),
            }
        )

    def _hold(self, fields: Mapping[str, Any]) -> None:
        text = _clanforge.check_gate(dumps(fields))
        checked = loads(text)
        for name, value in (
            ("max_pending", Limit(checked["max_pending"])),
            ("max_failed", Limit(checked["max_failed"])),
            ("min_completed", checked["min_completed"]),
            ("per", checked["per"]),
            ("fleets", frozenset(checked["fleets"])),
            ("regions", frozenset(checked["regions"])),
            ("_text", text),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a gate is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a gate is immutable: {name} cannot be deleted")

    @property
    def needs_detail(self) -> bool:
        """Whether the gate cannot judge a status without detail."""
        return self.per != "total" or bool(self.fleets) or bool(self.regions)

    def evaluate(self, status: ImageStatus) -> Verdict:
        """Judge one status."""
        return Verdict.from_dict(loads(_clanforge.evaluate(self._text, status._native)))

    def to_dict(self) -> dict[str, Any]:
        """Return every field, as plain values."""
        fields: dict[str, Any] = loads(self._text)
        return fields

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return self._text

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Gate:
        """Return the gate of a dictionary; fields that are left out have their defaults, an unknown one is an error."""
        gate = cls.__new__(cls)
        gate._hold(data)
        return gate

    @classmethod
    def from_json(cls, text: str) -> Gate:
        """Return the gate of a text that `to_json` made."""
        return cls.from_dict(loads(text))

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Gate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        default = Gate.from_dict({}).to_dict()
        fields = ((name, value) for name, value in self.to_dict().items() if value != default[name])
        return f"Gate({', '.join(f'{name}={value!r}' for name, value in fields)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Gate.from_json, (self._text,))


@dataclass(frozen=True, slots=True)
class Scope:
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


@dataclass(frozen=True, slots=True)
class Shortfall:
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


@dataclass(frozen=True, slots=True)
class ScopeVerdict:
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


@dataclass(frozen=True, slots=True)
class Verdict:
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

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return dumps(self.to_dict())

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verdict:
        """Return the verdict of a dictionary that `to_dict` made."""
        scopes = (
            ScopeVerdict(
                Scope(**each["scope"]),
                MachineCounts.from_dict(each["counts"]) if each["counts"] else None,
                tuple(Shortfall(**shortfall) for shortfall in each["shortfalls"]),
            )
            for each in data["scopes"]
        )
        return cls(data["ready"], data["reason"], tuple(scopes))

    @classmethod
    def from_json(cls, text: str) -> Verdict:
        """Return the verdict of a text that `to_json` made."""
        return cls.from_dict(loads(text))

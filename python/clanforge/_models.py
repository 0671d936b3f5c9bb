"""The image status and its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from . import _clanforge
from ._json import Record, dumps, field, loads
from .errors import ConfigurationError, DecodeError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FleetStatus",
    "ImageRef",
    "ImageStatus",
    "MachineCounts",
    "Mismatch",
    "Readiness",
    "RegionRow",
    "RegionStatus",
]

Readiness = Literal["empty", "installing", "degraded", "ready"]
"""The readiness that counts show: no machines, some pending, none pending and some failed, or all completed."""

_MAX = 2**64 - 1


@dataclass(frozen=True, slots=True)
class ImageRef(Record):
    """An image of an account service.

    Attributes:
        account_service_id: The ID of the account service.
        image_id: The ID of the image.
    """

    account_service_id: int
    image_id: int

    def __post_init__(self) -> None:
        for name in ("account_service_id", "image_id"):
            _check_integer(name, getattr(self, name))

    @property
    def _ids(self) -> tuple[int, int]:
        return (self.account_service_id, self.image_id)

    def to_dict(self) -> dict[str, int]:
        """Return both IDs as a dictionary."""
        return {"account_service_id": self.account_service_id, "image_id": self.image_id}

    @classmethod
    def from_dict(cls, data: Mapping[str, int]) -> ImageRef:
        """Create the image from a dictionary, as `to_dict` returns it."""
        return cls(field(data, "account_service_id", "an image"), field(data, "image_id", "an image"))


class RegionRow(TypedDict):
    """One region of one fleet as a flat row. ``pandas.DataFrame`` accepts a list of rows."""

    fleet_id: str
    region_id: str
    name: str
    pending_machines: int
    failed_machines: int
    completed_machines: int


@dataclass(frozen=True, slots=True)
class MachineCounts(Record):
    """The number of machines in each state. The total is at most 2**64 - 1.

    Attributes:
        pending_machines: Running machines with a pending install.
        failed_machines: Disabled machines whose install failed.
        completed_machines: Running machines that are fully installed.
    """

    pending_machines: int
    failed_machines: int
    completed_machines: int

    def __post_init__(self) -> None:
        for name in ("pending_machines", "failed_machines", "completed_machines"):
            _check_integer(name, getattr(self, name))
        if self.total_machines > _MAX:
            raise ConfigurationError(f"invalid counts of {self.total_machines} machines in total: must be at most {_MAX}")

    @property
    def total_machines(self) -> int:
        """The number of machines in all three states."""
        return self.pending_machines + self.failed_machines + self.completed_machines

    @property
    def percent_complete(self) -> float | None:
        """The percentage of completed machines, 100.0 only when all are completed; ``None`` without machines."""
        return self._status().percent_complete

    @property
    def percent_text(self) -> str:
        """The percentage as text for people: ``"97.5 %"``, never rounded up to ``"100 %"``."""
        return self._status().percent_text

    @property
    def readiness(self) -> Readiness:
        """The readiness: ``"empty"``, ``"installing"``, ``"degraded"`` or ``"ready"``."""
        return self._status().readiness

    @property
    def is_ready(self) -> bool:
        """Whether there are machines, and all are completed."""
        return self.readiness == "ready"

    def to_dict(self) -> dict[str, int]:
        """Return the three counts as a dictionary."""
        return {
            "pending_machines": self.pending_machines,
            "failed_machines": self.failed_machines,
            "completed_machines": self.completed_machines,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, int]) -> MachineCounts:
        """Create the counts from a dictionary, as `to_dict` returns it."""
        pending, failed, completed = (
            field(data, name, "counts") for name in ("pending_machines", "failed_machines", "completed_machines")
        )
        return cls(pending, failed, completed)

    def _status(self) -> _clanforge.Status:
        return _clanforge.Status.from_counts(self.pending_machines, self.failed_machines, self.completed_machines)


class _Counts:
    """The properties of everything with machine counts."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def counts(self) -> MachineCounts: ...

    @property
    def pending_machines(self) -> int:
        """Running machines with a pending install."""
        return self.counts.pending_machines

    @property
    def failed_machines(self) -> int:
        """Disabled machines whose install failed."""
        return self.counts.failed_machines

    @property
    def completed_machines(self) -> int:
        """Running machines that are fully installed."""
        return self.counts.completed_machines

    @property
    def total_machines(self) -> int:
        """The number of machines in all three states."""
        return self.counts.total_machines

    @property
    def percent_complete(self) -> float | None:
        """The percentage of completed machines, 100.0 only when all are completed; ``None`` without machines."""
        return self.counts.percent_complete

    @property
    def percent_text(self) -> str:
        """The percentage as text for people: ``"97.5 %"``, never rounded up to ``"100 %"``."""
        return self.counts.percent_text

    @property
    def readiness(self) -> Readiness:
        """The readiness: ``"empty"``, ``"installing"``, ``"degraded"`` or ``"ready"``."""
        return self.counts.readiness

    @property
    def is_ready(self) -> bool:
        """Whether there are machines, and all are completed. Only a wait can tell whether they run the new version."""
        return self.counts.is_ready


@dataclass(frozen=True, slots=True)
class RegionStatus(_Counts, Record):
    """One region of a fleet.

    Attributes:
        region_id: The ID of the region.
        name: The display name of the region. It need not be unique.
        counts: The machines of the region.
    """

    region_id: str
    name: str
    counts: MachineCounts

    def to_dict(self) -> dict[str, Any]:
        """Return the ID, the name and the counts."""
        return {"region_id": self.region_id, "name": self.name, **self.counts.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> RegionStatus:
        """Create the region from a dictionary, as `to_dict` returns it."""
        region_id, name = field(data, "region_id", "a region"), field(data, "name", "a region")
        return cls(region_id, name, MachineCounts.from_dict(data))


@dataclass(frozen=True, slots=True)
class FleetStatus(_Counts, Record):
    """One fleet.

    Attributes:
        fleet_id: The ID of the fleet.
        counts: The machines of the fleet, as the service reports them.
        regions: The regions, sorted by ID.
    """

    fleet_id: str
    counts: MachineCounts
    regions: tuple[RegionStatus, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the ID, the counts, and the regions as a list of dictionaries."""
        return {
            "fleet_id": self.fleet_id,
            **self.counts.to_dict(),
            "regions": [region.to_dict() for region in self.regions],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FleetStatus:
        """Create the fleet from a dictionary, as `to_dict` returns it."""
        fleet_id, regions = field(data, "fleet_id", "a fleet"), field(data, "regions", "a fleet")
        return cls(fleet_id, MachineCounts.from_dict(data), tuple(map(RegionStatus.from_dict, regions)))


@dataclass(frozen=True, slots=True)
class Mismatch(Record):
    """A total that differs from the sum of its parts, as happens while machines change state.

    Attributes:
        fleet_id: The ID of the fleet, or ``None`` for the image.
        stated: The reported total.
        summed: The sum of the parts.
    """

    fleet_id: str | None
    stated: MachineCounts
    summed: MachineCounts

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return {"fleet_id": self.fleet_id, "stated": self.stated.to_dict(), "summed": self.summed.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Mismatch:
        """Create the mismatch from a dictionary, as `to_dict` returns it."""
        fleet_id, stated, summed = (field(data, name, "a mismatch") for name in ("fleet_id", "stated", "summed"))
        return cls(fleet_id, MachineCounts.from_dict(stated), MachineCounts.from_dict(summed))


class ImageStatus(_Counts):
    """The status of an image: the number of machines in each state, and with detail those of each fleet and region.

    A status is immutable, comparable by value, hashable and picklable. Fleets and regions are converted to Python objects
    when they are read.

    >>> status = ImageStatus.from_dict({"pending_machines": 1, "failed_machines": 0, "completed_machines": 39})
    >>> status.percent_complete, status.readiness
    (97.5, 'installing')
    """

    __slots__ = ("_native",)
    __match_args__ = ("counts", "fleets")

    _native: _clanforge.Status

    def __init__(self, counts: MachineCounts, fleets: tuple[FleetStatus, ...] | None = None) -> None:
        data: dict[str, Any] = counts.to_dict()
        if fleets is not None:
            data["fleets"] = {
                fleet.fleet_id: {
                    **fleet.counts.to_dict(),
                    "regions": {each.region_id: {"name": each.name, **each.counts.to_dict()} for each in fleet.regions},
                }
                for fleet in fleets
            }
        self._set_native(_clanforge.Status.from_json(dumps(data).encode()))

    @classmethod
    def _from_native(cls, native: _clanforge.Status) -> ImageStatus:
        status = cls.__new__(cls)
        status._set_native(native)
        return status

    def _set_native(self, native: _clanforge.Status) -> None:
        object.__setattr__(self, "_native", native)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name}: a status is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete {name}: a status is immutable")

    @property
    def counts(self) -> MachineCounts:
        """The machines of the whole image, as the service reports them."""
        return MachineCounts(*self._native.counts())

    @property
    def has_detail(self) -> bool:
        """Whether the status has the counts of each fleet and region."""
        return self._native.has_detail

    @property
    def fleets(self) -> tuple[FleetStatus, ...] | None:
        """The fleets sorted by ID; ``None`` without detail."""
        fleets = self._native.fleets()
        if fleets is None:
            return None
        return tuple(
            FleetStatus(
                fleet_id,
                MachineCounts(*counts),
                tuple(RegionStatus(region_id, name, MachineCounts(*each)) for region_id, name, each in regions),
            )
            for fleet_id, counts, regions in fleets
        )

    @property
    def failed_regions(self) -> list[RegionRow] | None:
        """The regions with failed machines, most failed first; ``None`` without detail."""
        return self._native.failed_regions()

    @property
    def pending_regions(self) -> list[RegionRow] | None:
        """The regions with pending machines, most pending first; ``None`` without detail."""
        return self._native.pending_regions()

    def regions(self) -> list[RegionRow] | None:
        """Return every region of every fleet as a flat row; ``None`` without detail.

        ``pandas.DataFrame(status.regions())`` and ``polars.DataFrame(status.regions())`` accept it.
        """
        return self._native.regions()

    @property
    def mismatches(self) -> list[Mismatch] | None:
        """The totals that differ from the sum of their parts; ``None`` without detail."""
        mismatches = self._native.mismatches()
        if mismatches is None:
            return None
        return [Mismatch(fleet_id, MachineCounts(*stated), MachineCounts(*summed)) for fleet_id, stated, summed in mismatches]

    def summary(self) -> dict[str, Any]:
        """Return the summary as plain values: the ``summary`` of the ``-o json`` output."""
        summary: dict[str, Any] = loads(self._native.summary_json())
        return summary

    def to_dict(self) -> dict[str, Any]:
        """Return the status as plain values: fleets and regions by ID, and ``fleets`` only with detail."""
        data: dict[str, Any] = loads(self._native.to_json())
        return data

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return self._native.to_json()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ImageStatus:
        """Create a status from a dictionary as `to_dict` returns it.

        Raises:
            DecodeError: where the dictionary is not an image status.
        """
        return cls.from_json(dumps(data))

    @classmethod
    def from_json(cls, text: str | bytes) -> ImageStatus:
        """Decode the status in a response body, as the client does.

        Raises:
            ApiError: where the body is an error of the service.
            DecodeError: where the body is not an image status.
        """
        try:
            body = text.encode() if isinstance(text, str) else bytes(text)
        except UnicodeEncodeError as error:
            raise DecodeError(f"invalid text: {error}", json_path="$") from None
        return cls._from_native(_clanforge.Status.from_json(body))

    def __eq__(self, other: object) -> bool:
        return self._native == other._native if isinstance(other, ImageStatus) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._native)

    def __repr__(self) -> str:
        pending, failed, completed = self._native.counts()
        detail = ", with detail" if self.has_detail else ""
        return f"<ImageStatus {completed} completed, {pending} pending, {failed} failed{detail}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (ImageStatus.from_json, (self.to_json(),))

    def __copy__(self) -> ImageStatus:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> ImageStatus:
        return self


def _check_integer(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX:
        raise ConfigurationError(f"invalid {name} {value!r}: expected an integer from 0 to {_MAX}")


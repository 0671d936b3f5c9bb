"""What the service tells."""

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
"""What the counts say of a whole: without machines, with pending ones, with failed ones, or ready."""

_MOST = 2**64 - 1


@dataclass(frozen=True, slots=True)
class ImageRef(Record):
    """An image of an account service.

    Attributes:
        account_service_id: The id of the account service.
        image_id: The id of the image.
    """

    account_service_id: int
    image_id: int

    def __post_init__(self) -> None:
        for name in ("account_service_id", "image_id"):
            _checked(name, getattr(self, name))

    @property
    def _ids(self) -> tuple[int, int]:
        return (self.account_service_id, self.image_id)

    def to_dict(self) -> dict[str, int]:
        """Return both ids under their names."""
        return {"account_service_id": self.account_service_id, "image_id": self.image_id}

    @classmethod
    def from_dict(cls, data: Mapping[str, int]) -> ImageRef:
        """Return the image of a dictionary that `to_dict` made."""
        return cls(field(data, "account_service_id", "an image"), field(data, "image_id", "an image"))


class RegionRow(TypedDict):
    """One region of one fleet as a flat row: a list of these is what ``pandas.DataFrame`` takes."""

    fleet_id: str
    region_id: str
    name: str
    pending_machines: int
    failed_machines: int
    completed_machines: int


@dataclass(frozen=True, slots=True)
class MachineCounts(Record):
    """Machines in each state; all three together are at most 2**64 - 1.

    Attributes:
        pending_machines: Running machines with an install pending.
        failed_machines: Disabled machines that were unable to install.
        completed_machines: Running machines that are fully installed.
    """

    pending_machines: int
    failed_machines: int
    completed_machines: int

    def __post_init__(self) -> None:
        for name in ("pending_machines", "failed_machines", "completed_machines"):
            _checked(name, getattr(self, name))
        if self.total_machines > _MOST:
            raise ConfigurationError(f"{self.total_machines} machines in all: at most {_MOST} can be counted")

    @property
    def total_machines(self) -> int:
        """The machines of all three states."""
        return self.pending_machines + self.failed_machines + self.completed_machines

    @property
    def percent_complete(self) -> float | None:
        """The completed machines in percent of all, 100.0 only where all are; ``None`` without machines."""
        return self._status().percent_complete

    @property
    def percent_text(self) -> str:
        """The same for people: ``"97.5 %"``, never rounded up to ``"100 %"``."""
        return self._status().percent_text

    @property
    def readiness(self) -> Readiness:
        """What the counts say: ``"empty"``, ``"installing"``, ``"degraded"`` or ``"ready"``."""
        return self._status().readiness

    @property
    def is_ready(self) -> bool:
        """Whether there are machines, and all are completed."""
        return self.readiness == "ready"

    def to_dict(self) -> dict[str, int]:
        """Return the three counts under their names."""
        return {
            "pending_machines": self.pending_machines,
            "failed_machines": self.failed_machines,
            "completed_machines": self.completed_machines,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, int]) -> MachineCounts:
        """Return the counts of a dictionary that `to_dict` made."""
        pending, failed, completed = (
            field(data, name, "counts") for name in ("pending_machines", "failed_machines", "completed_machines")
        )
        return cls(pending, failed, completed)

    def _status(self) -> _clanforge.Status:
        return _clanforge.Status.of_counts(self.pending_machines, self.failed_machines, self.completed_machines)


class _Counted:
    """What has counts, and answers for them."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def counts(self) -> MachineCounts: ...

    @property
    def pending_machines(self) -> int:
        """Running machines with an install pending."""
        return self.counts.pending_machines

    @property
    def failed_machines(self) -> int:
        """Disabled machines that were unable to install."""
        return self.counts.failed_machines

    @property
    def completed_machines(self) -> int:
        """Running machines that are fully installed."""
        return self.counts.completed_machines

    @property
    def total_machines(self) -> int:
        """The machines of all three states."""
        return self.counts.total_machines

    @property
    def percent_complete(self) -> float | None:
        """The completed machines in percent of all, 100.0 only where all are; ``None`` without machines."""
        return self.counts.percent_complete

    @property
    def percent_text(self) -> str:
        """The same for people: ``"97.5 %"``, never rounded up to ``"100 %"``."""
        return self.counts.percent_text

    @property
    def readiness(self) -> Readiness:
        """What the counts say: ``"empty"``, ``"installing"``, ``"degraded"`` or ``"ready"``."""
        return self.counts.readiness

    @property
    def is_ready(self) -> bool:
        """Whether there are machines, and all are completed. That they are of the new version only a wait can tell."""
        return self.counts.is_ready


@dataclass(frozen=True, slots=True)
class RegionStatus(_Counted, Record):
    """One region of a fleet.

    Attributes:
        region_id: The region's id.
        name: The region's name for people; two regions may share one.
        counts: Its machines.
    """

    region_id: str
    name: str
    counts: MachineCounts

    def to_dict(self) -> dict[str, Any]:
        """Return the id, the name and the counts."""
        return {"region_id": self.region_id, "name": self.name, **self.counts.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> RegionStatus:
        """Return the region of a dictionary that `to_dict` made."""
        region_id, name = field(data, "region_id", "a region"), field(data, "name", "a region")
        return cls(region_id, name, MachineCounts.from_dict(data))


@dataclass(frozen=True, slots=True)
class FleetStatus(_Counted, Record):
    """One fleet.

    Attributes:
        fleet_id: The fleet's id.
        counts: Its machines, as the service states them.
        regions: Its regions, in the order of their ids.
    """

    fleet_id: str
    counts: MachineCounts
    regions: tuple[RegionStatus, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the id, the counts and the regions, a list of their `RegionStatus.to_dict`."""
        return {
            "fleet_id": self.fleet_id,
            **self.counts.to_dict(),
            "regions": [region.to_dict() for region in self.regions],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FleetStatus:
        """Return the fleet of a dictionary that `to_dict` made."""
        fleet_id, regions = field(data, "fleet_id", "a fleet"), field(data, "regions", "a fleet")
        return cls(fleet_id, MachineCounts.from_dict(data), tuple(map(RegionStatus.from_dict, regions)))


@dataclass(frozen=True, slots=True)
class Mismatch(Record):
    """Where the counts of a whole are not the sum of its parts, as happens in a live system.

    Attributes:
        fleet_id: The fleet, or ``None`` for the image.
        stated: The counts of the whole.
        summed: The sum of its parts.
    """

    fleet_id: str | None
    stated: MachineCounts
    summed: MachineCounts

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return {"fleet_id": self.fleet_id, "stated": self.stated.to_dict(), "summed": self.summed.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Mismatch:
        """Return the mismatch of a dictionary that `to_dict` made."""
        fleet_id, stated, summed = (field(data, name, "a mismatch") for name in ("fleet_id", "stated", "summed"))
        return cls(fleet_id, MachineCounts.from_dict(stated), MachineCounts.from_dict(summed))


class ImageStatus(_Counted):
    """How far an image is: machines in each state, and with detail those of each fleet and region.

    A status is immutable, equal to another by value, hashable, and can be pickled. Fleets and regions become Python
    objects when they are looked at, and not before.

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
        self._hold(_clanforge.Status.from_json(dumps(data).encode()))

    @classmethod
    def _of(cls, native: _clanforge.Status) -> ImageStatus:
        status = cls.__new__(cls)
        status._hold(native)
        return status

    def _hold(self, native: _clanforge.Status) -> None:
        object.__setattr__(self, "_native", native)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a status is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a status is immutable: {name} cannot be deleted")

    @property
    def counts(self) -> MachineCounts:
        """The machines of the whole image, as the service states them."""
        return MachineCounts(*self._native.counts())

    @property
    def has_detail(self) -> bool:
        """Whether the status has the counts of each fleet and region."""
        return self._native.has_detail

    @property
    def fleets(self) -> tuple[FleetStatus, ...] | None:
        """The fleets in the order of their ids; ``None`` without detail."""
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

        ``pandas.DataFrame(status.regions())`` and ``polars.DataFrame(status.regions())`` take it as it is.
        """
        return self._native.regions()

    @property
    def mismatches(self) -> list[Mismatch] | None:
        """Where a whole is not the sum of its parts; ``None`` without detail."""
        mismatches = self._native.mismatches()
        if mismatches is None:
            return None
        return [Mismatch(fleet_id, MachineCounts(*stated), MachineCounts(*summed)) for fleet_id, stated, summed in mismatches]

    def summary(self) -> dict[str, Any]:
        """Return all that the counts say, as plain values: what the command's ``-o json`` has as ``summary``."""
        summary: dict[str, Any] = loads(self._native.summary_json())
        return summary

    def to_dict(self) -> dict[str, Any]:
        """Return the status as plain values, fleets and regions by their ids; ``fleets`` only with detail."""
        data: dict[str, Any] = loads(self._native.to_json())
        return data

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return self._native.to_json()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ImageStatus:
        """Return the status of a dictionary in the shape of `to_dict`.

        Raises:
            DecodeError: where it has another shape.
        """
        return cls.from_json(dumps(data))

    @classmethod
    def from_json(cls, text: str | bytes) -> ImageStatus:
        """Return the status of a response's body, decoded as a client does.

        Raises:
            ApiError: where the service says no in it.
            DecodeError: where it is no status.
        """
        try:
            body = text.encode() if isinstance(text, str) else bytes(text)
        except UnicodeEncodeError as error:
            raise DecodeError(f"a text that no JSON can hold: {error}", json_path="$") from None
        return cls._of(_clanforge.Status.from_json(body))

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


def _checked(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ConfigurationError(f"invalid {name} {value!r}: a whole number from 0 to {_MOST}")


"""The status of an image: machine counts in total and, with detail, per fleet and region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, TypedDict

from . import _clanforge
from ._record import Codec, Record, dumps, integer, loads, refused
from .errors import ConfigurationError, DecodeError

__all__ = ["FleetStatus", "ImageStatus", "MachineCounts", "Mismatch", "Readiness", "RegionRow", "RegionStatus"]

Readiness: TypeAlias = Literal["empty", "installing", "degraded", "ready"]
"""What the counts say: no machines, machines pending, machines failed, or all completed."""

_MOST = 2**64 - 1
_count = integer(0, _MOST)


class RegionRow(TypedDict):
    """One region of one fleet as a flat row: a list of these is what ``pandas.DataFrame`` takes."""

    fleet_id: str
    region_id: str
    name: str
    pending_machines: int
    failed_machines: int
    completed_machines: int


class _Answers:
    """What three counts say."""

    __slots__ = ()

    def _counts(self) -> tuple[int, int, int]:
        raise NotImplementedError

    @property
    def total_machines(self) -> int:
        """The number of all machines."""
        return sum(self._counts())

    @property
    def percent_complete(self) -> float | None:
        """The completed machines in percent of all, 100.0 only if all are; ``None`` without machines."""
        return _clanforge.percent_complete(*self._counts())

    @property
    def percent_text(self) -> str:
        """The percentage as text: ``"97.5 %"``, never rounded up to ``"100 %"``."""
        return _clanforge.percent_text(*self._counts())

    @property
    def readiness(self) -> Readiness:
        """What the counts say: ``"empty"``, ``"installing"``, ``"degraded"`` or ``"ready"``."""
        return _clanforge.readiness(*self._counts())

    @property
    def is_ready(self) -> bool:
        """Whether there are machines and all are completed. Only a wait can tell whether they have the new version."""
        return self.readiness == "ready"


class MachineCounts(_Answers, Record):
    """Machine counts; the sum of all three is at most 2**64 - 1.

    Attributes:
        pending_machines: Running machines with an install pending.
        failed_machines: Disabled machines that are unable to install.
        completed_machines: Running machines that are fully installed.
    """

    __slots__ = ("pending_machines", "failed_machines", "completed_machines")

    pending_machines: int
    failed_machines: int
    completed_machines: int

    _what = "MachineCounts"
    _codecs = {
        "pending_machines": Codec("pending_machines"),
        "failed_machines": Codec("failed_machines"),
        "completed_machines": Codec("completed_machines"),
    }

    def __init__(self, pending_machines: int, failed_machines: int, completed_machines: int) -> None:
        self._set(pending_machines, failed_machines, completed_machines)

    def __post_init__(self) -> None:
        for name in self._codecs:
            object.__setattr__(self, name, _count(name, getattr(self, name)))
        if self.total_machines > _MOST:
            raise ConfigurationError(f"invalid machine counts: their sum {self.total_machines} exceeds {_MOST}")

    def _counts(self) -> tuple[int, int, int]:
        return (self.pending_machines, self.failed_machines, self.completed_machines)


class _Counted(_Answers):
    """A part of a status, with counts of its own."""

    __slots__ = ()

    counts: MachineCounts

    def _counts(self) -> tuple[int, int, int]:
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


class RegionStatus(_Counted, Record):
    """One region of a fleet.

    Attributes:
        region_id: The region's ID.
        name: The region's name for people; two regions may share one.
        counts: Its machines.
    """

    __slots__ = ("region_id", "name", "counts")

    region_id: str
    name: str
    counts: MachineCounts

    _what = "RegionStatus"
    _codecs = {
        "region_id": Codec("region_id"),
        "name": Codec("name"),
        "counts": Codec("counts", MachineCounts),
    }

    def __init__(self, region_id: str, name: str, counts: MachineCounts) -> None:
        self._set(region_id, name, counts)


class FleetStatus(_Counted, Record):
    """One fleet.

    Attributes:
        fleet_id: The fleet's ID.
        counts: Its machines, as the service states them.
        regions: Its regions, ordered by ID.
    """

    __slots__ = ("fleet_id", "counts", "regions")

    fleet_id: str
    counts: MachineCounts
    regions: tuple[RegionStatus, ...]

    _what = "FleetStatus"
    _codecs = {
        "fleet_id": Codec("fleet_id"),
        "counts": Codec("counts", MachineCounts),
        "regions": Codec("regions", (RegionStatus,)),
    }

    def __init__(self, fleet_id: str, counts: MachineCounts, regions: tuple[RegionStatus, ...]) -> None:
        self._set(fleet_id, counts, regions)


class Mismatch(Record):
    """Counts of a whole that differ from the sum of its parts, as happens in a live system.

    Attributes:
        fleet_id: The fleet; ``None`` for the image.
        stated: The counts of the whole.
        summed: The sum of its parts.
    """

    __slots__ = ("fleet_id", "stated", "summed")

    fleet_id: str | None
    stated: MachineCounts
    summed: MachineCounts

    _what = "Mismatch"
    _codecs = {
        "fleet_id": Codec("fleet_id"),
        "stated": Codec("stated", MachineCounts),
        "summed": Codec("summed", MachineCounts),
    }

    def __init__(self, fleet_id: str | None, stated: MachineCounts, summed: MachineCounts) -> None:
        self._set(fleet_id, stated, summed)


class ImageStatus(_Counted, Record):
    """How far an image is: machine counts in total and, with detail, per fleet and region.

    A status is immutable, equal to another by value, hashable, and can be pickled. Fleets and regions become Python
    objects when you look at them.

    >>> status = ImageStatus.from_dict({"pending_machines": 1, "failed_machines": 0, "completed_machines": 39})
    >>> status.percent_complete, status.readiness
    (97.5, 'installing')

    Attributes:
        counts: The machines of the whole image, as the service states them.
        fleets: The fleets, ordered by ID; ``None`` without detail.
    """

    __slots__ = ("_native",)

    counts: MachineCounts
    fleets: tuple[FleetStatus, ...] | None

    _native: _clanforge.Status
    _what = "ImageStatus"
    _codecs = {"counts": Codec("counts", MachineCounts), "fleets": Codec("fleets", (FleetStatus,))}

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
        object.__setattr__(self, "_native", _clanforge.Status.from_json(dumps(data).encode()))

    @classmethod
    def _from_native(cls, native: _clanforge.Status) -> ImageStatus:
        status = cls.__new__(cls)
        object.__setattr__(status, "_native", native)
        return status

    def _counts(self) -> tuple[int, int, int]:
        return self._native.counts()

    @property
    def has_detail(self) -> bool:
        """Whether the status has the counts of each fleet and region."""
        return self._native.has_detail

    def regions(self) -> list[RegionRow] | None:
        """Return every region of every fleet as a flat row; ``None`` without detail.

        ``pandas.DataFrame(status.regions())`` and ``polars.DataFrame(status.regions())`` take it as it is.
        """
        return self._native.regions()

    def failed_regions(self) -> list[RegionRow] | None:
        """Return the regions with failed machines, most failed first; ``None`` without detail."""
        return self._native.failed_regions()

    def pending_regions(self) -> list[RegionRow] | None:
        """Return the regions with pending machines, most pending first; ``None`` without detail."""
        return self._native.pending_regions()

    def mismatches(self) -> list[Mismatch] | None:
        """Return where the counts of a whole differ from the sum of its parts; ``None`` without detail."""
        mismatches = self._native.mismatches()
        if mismatches is None:
            return None
        return [Mismatch(fleet_id, MachineCounts(*stated), MachineCounts(*summed)) for fleet_id, stated, summed in mismatches]

    def summary(self) -> dict[str, Any]:
        """Return what the counts say, as plain values: the ``summary`` of the command's ``-o json``."""
        summary: dict[str, Any] = loads(self._native.summary_json())
        return summary

    def to_dict(self) -> dict[str, Any]:
        """Return the status as plain values, fleets and regions by their IDs; ``fleets`` only with detail."""
        data: dict[str, Any] = loads(self._native.to_json())
        return data

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return self._native.to_json()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ImageStatus:
        """Return the status of a dictionary in the shape of `to_dict`.

        Raises:
            DecodeError: if it has another shape.
        """
        return cls.from_json(dumps(data))

    @classmethod
    def from_json(cls, text: str | bytes) -> ImageStatus:
        """Return the status of a response body, decoded as a client does.

        Raises:
            ApiError: if the service reports an error in it.
            DecodeError: if it is not a status.
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
        pending, failed, completed = self._counts()
        detail = ", with detail" if self.has_detail else ""
        return f"<ImageStatus {completed} completed, {pending} pending, {failed} failed{detail}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (ImageStatus.from_json, (self.to_json(),))

    def __deepcopy__(self, memo: dict[int, Any]) -> ImageStatus:
        return self


def _status_counts(status: ImageStatus) -> MachineCounts:
    """The machines of the whole image, as the service states them."""
    return MachineCounts(*status._native.counts())


def _status_fleets(status: ImageStatus) -> tuple[FleetStatus, ...] | None:
    """The fleets, ordered by ID; ``None`` without detail."""
    fleets = status._native.fleets()
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


# Fields in the eyes of `dataclasses`, read from the native status when somebody looks at them.
ImageStatus.counts = property(_status_counts)  # type: ignore[assignment]
ImageStatus.fleets = property(_status_fleets)  # type: ignore[assignment]


def native_status(name: str, status: object) -> _clanforge.Status:
    if isinstance(status, ImageStatus):
        return status._native
    raise refused(name, status, "a clanforge.ImageStatus")

"""The status of an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import _clanforge
from .._generated.counts import Counted
from .._generated.status import FleetStatus, MachineCounts, RegionStatus, StatusLists
from .record import Codec, dumps, instance, loads, mistyped, restored


class ImageStatus(StatusLists, Counted):
    """The status of an image: machine counts in total and, with detail, for each fleet and region.

    A status is immutable, compared by value, hashable, and can be pickled. Fleets and regions become Python objects when you
    read them.

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
    _codecs = {"counts": Codec("counts", MachineCounts), "fleets": Codec("fleets", (FleetStatus,))}

    def __init__(self, counts: MachineCounts, fleets: tuple[FleetStatus, ...] | None = None) -> None:
        data: dict[str, Any] = instance(MachineCounts)("counts", counts).to_dict()
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

    def _counts(self) -> tuple[int, ...]:
        return self._native.counts()

    @property
    def has_detail(self) -> bool:
        """Whether the status has the counts of each fleet and region."""
        return self._native.has_detail

    def summary(self) -> dict[str, Any]:
        """Return what the counts say, as plain values: the ``summary`` that ``clanforge status -o json`` writes."""
        summary: dict[str, Any] = loads(self._native.summary_json())
        return summary

    def to_dict(self) -> dict[str, Any]:
        """Return the status as a dictionary, like the service's response: fleets and regions by ID, ``fleets`` only with detail."""
        data: dict[str, Any] = loads(self._native.to_json())
        return data

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return self._native.to_json()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ImageStatus:
        """Return a status from a dictionary of `to_dict`.

        Raises:
            DecodeError: if it is not a status.
        """
        return cls.from_json(dumps(data))

    @classmethod
    def from_json(cls, text: str | bytes) -> ImageStatus:
        """Return the status in a response body of the service, decoded as a client does.

        Raises:
            ApiError: if the service reports an error in it.
            DecodeError: if it is not a status.
        """
        if not isinstance(text, (str, bytes, bytearray, memoryview)):
            raise mistyped("text", text, "a string or bytes")
        body = text.encode(errors="surrogatepass") if isinstance(text, str) else bytes(text)
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


def _counts(data: Mapping[str, Any]) -> MachineCounts:
    return restored(MachineCounts, tuple(data[name] for name in MachineCounts._codecs))


def _regions(data: Mapping[str, Any]) -> tuple[RegionStatus, ...]:
    return tuple(restored(RegionStatus, (id, region["name"], _counts(region))) for id, region in data.items())


def _status_counts(status: ImageStatus) -> MachineCounts:
    """The machines of the whole image, as the service states them."""
    return restored(MachineCounts, status._counts())


def _status_fleets(status: ImageStatus) -> tuple[FleetStatus, ...] | None:
    """The fleets, ordered by ID; ``None`` without detail."""
    if not status.has_detail:
        return None
    fleets = status.to_dict()["fleets"].items()
    return tuple(restored(FleetStatus, (id, _counts(fleet), _regions(fleet["regions"]))) for id, fleet in fleets)


# The fields that `dataclasses` sees, converted from the native status when they are read.
ImageStatus.counts = property(_status_counts)  # type: ignore[assignment]
ImageStatus.fleets = property(_status_fleets)  # type: ignore[assignment]

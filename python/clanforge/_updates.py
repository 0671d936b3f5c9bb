"""The updates of a wait, and its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ._gate import Verdict
from ._json import Record, field, loads
from ._models import ImageRef, ImageStatus
from .errors import ConfigurationError, NotReadyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from . import _clanforge

__all__ = [
    "Changes",
    "Estimate",
    "Freshness",
    "Outcome",
    "OutcomeKind",
    "ReadFailed",
    "ReadFailure",
    "ReadingTaken",
    "Update",
]

OutcomeKind = Literal["ready", "failed", "stalled", "timed_out", "not_started", "unreachable"]
"""How a wait ended."""

Freshness = Literal["observed", "assumed", "unknown"]
"""Whether the counts describe the new version: observed, assumed for lack of evidence, or not yet known."""


@dataclass(frozen=True, slots=True)
class Changes(Record):
    """The change of the counts of an image between two readings. Values may be negative."""

    pending_machines: int
    failed_machines: int
    completed_machines: int

    def to_dict(self) -> dict[str, int]:
        """Return the three differences as a dictionary."""
        return {
            "pending_machines": self.pending_machines,
            "failed_machines": self.failed_machines,
            "completed_machines": self.completed_machines,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, int]) -> Changes:
        """Create the changes from a dictionary, as `to_dict` returns it."""
        names = ("pending_machines", "failed_machines", "completed_machines")
        pending, failed, completed = (field(data, name, "changes") for name in names)
        return cls(pending, failed, completed)


@dataclass(frozen=True, slots=True)
class Estimate(Record):
    """The estimated time until the gate passes, as a range that is right in about eight of ten cases.

    Attributes:
        low: The low end, in seconds.
        high: The high end, in seconds.
    """

    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Return both ends as a dictionary."""
        return {"low_seconds": self.low, "high_seconds": self.high}

    @classmethod
    def from_dict(cls, data: Mapping[str, float]) -> Estimate:
        """Create the estimate from a dictionary, as `to_dict` returns it."""
        return cls(field(data, "low_seconds", "an estimate"), field(data, "high_seconds", "an estimate"))


@dataclass(frozen=True, slots=True)
class ReadFailure(Record):
    """The error of a failed reading.

    Attributes:
        kind: The kind of error, as in `ClanforgeError.kind`.
        message: The error message.
        status: The HTTP status of the response, where there was one.
        retry_after: How long the service asked the client to wait, in seconds, where it did.
    """

    kind: str
    message: str
    status: int | None = None
    retry_after: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields."""
        return {
            "kind": self.kind,
            "message": self.message,
            "status": self.status,
            "retry_after_seconds": self.retry_after,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ReadFailure:
        """Create the failure from a dictionary, as `to_dict` returns it."""
        kind, message = field(data, "kind", "a failure"), field(data, "message", "a failure")
        return cls(kind, message, data.get("status"), data.get("retry_after_seconds"))


@dataclass(frozen=True, slots=True)
class ReadingTaken(Record):
    """A reading that succeeded.

    Attributes:
        elapsed: Seconds since the start of the wait.
        status: The status.
        verdict: The verdict of the gate on it.
        changes: The change since the previous reading; ``None`` for the first.
        freshness: Whether the counts describe the new version.
        estimate: The estimated time left; ``None`` where there is too little progress to estimate it.
        next_reading: Seconds until the next reading; ``None`` after the last.
        update: ``"reading"``.
    """

    elapsed: float
    status: ImageStatus
    verdict: Verdict
    changes: Changes | None
    freshness: Freshness
    estimate: Estimate | None
    next_reading: float | None
    update: Literal["reading"] = "reading"

    def to_dict(self) -> dict[str, Any]:
        """Return the update as plain values, in the format of the ``-o jsonl`` output."""
        return {
            "update": self.update,
            "version": 1,
            "elapsed_seconds": self.elapsed,
            "status": self.status.to_dict(),
            "verdict": self.verdict.to_dict(),
            "changes": self.changes.to_dict() if self.changes else None,
            "freshness": self.freshness,
            "estimate": self.estimate.to_dict() if self.estimate else None,
            "next_reading_seconds": self.next_reading,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ReadingTaken:
        """Create the update from a dictionary, as `to_dict` returns it."""
        return _reading(data, ImageStatus.from_dict(field(data, "status", "a reading")))


@dataclass(frozen=True, slots=True)
class ReadFailed(Record):
    """A reading that failed. The wait continues, or ends with the next update.

    Attributes:
        elapsed: Seconds since the start of the wait.
        error: The error.
        next_try: Seconds until the next reading; ``None`` where the wait ends.
        update: ``"read_failed"``.
    """

    elapsed: float
    error: ReadFailure
    next_try: float | None
    update: Literal["read_failed"] = "read_failed"

    def to_dict(self) -> dict[str, Any]:
        """Return the update as plain values, in the format of the ``-o jsonl`` output."""
        return {
            "update": self.update,
            "version": 1,
            "elapsed_seconds": self.elapsed,
            "error": self.error.to_dict(),
            "next_try_seconds": self.next_try,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ReadFailed:
        """Create the update from a dictionary, as `to_dict` returns it."""
        what = "a failed reading"
        failure = ReadFailure.from_dict(field(data, "error", what))
        return cls(field(data, "elapsed_seconds", what), failure, field(data, "next_try_seconds", what))


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """The outcome of a wait. True when it is ready.

    Attributes:
        kind: How the wait ended.
        reason: A sentence for people, with the cause and what to do.
        freshness: Whether the counts describe the new version.
        image: The image.
        status: The last status; ``None`` where no reading succeeded.
        status_age: The age of that status, in seconds.
        verdict: The verdict of the gate on it.
        elapsed: The duration of the wait, in seconds.
        readings: The number of readings that succeeded.
        errors: The number of readings that failed.
        update: ``"outcome"``.
    """

    kind: OutcomeKind
    reason: str
    freshness: Freshness
    image: ImageRef
    status: ImageStatus | None
    status_age: float | None
    verdict: Verdict | None
    elapsed: float
    readings: int
    errors: int
    update: Literal["outcome"] = "outcome"

    @property
    def is_ready(self) -> bool:
        """Whether the gate passed."""
        return self.kind == "ready"

    def __bool__(self) -> bool:
        return self.is_ready

    def raise_for_status(self) -> Outcome:
        """Return this outcome where it is ready.

        Raises:
            NotReadyError: where it is not; its ``outcome`` is this outcome.
        """
        if self.is_ready:
            return self
        raise NotReadyError(self.reason, outcome=self, elapsed=self.elapsed)

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as plain values, in the format of the ``wait -o json`` output."""
        return {
            "update": self.update,
            "version": 1,
            "outcome": self.kind,
            "reason": self.reason,
            "freshness": self.freshness,
            "image": self.image.to_dict(),
            "status": self.status.to_dict() if self.status else None,
            "status_age_seconds": self.status_age,
            "summary": self.status.summary() if self.status else None,
            "verdict": self.verdict.to_dict() if self.verdict else None,
            "elapsed_seconds": self.elapsed,
            "readings": self.readings,
            "errors": self.errors,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Outcome:
        """Create the outcome from a dictionary, as `to_dict` returns it."""
        status = field(data, "status", "an outcome")
        return _outcome(data, ImageStatus.from_dict(status) if status else None)


Update: TypeAlias = ReadingTaken | ReadFailed | Outcome
"""An event of a wait; its class and ``update`` tell which. The last update is the outcome."""


def update_from_dict(data: Mapping[str, Any]) -> Update:
    """Create an update from a dictionary, as its `to_dict` returns it."""
    kinds: dict[str, type[ReadingTaken | ReadFailed | Outcome]] = {
        "reading": ReadingTaken,
        "read_failed": ReadFailed,
        "outcome": Outcome,
    }
    kind = kinds.get(field(data, "update", "an update"))
    if kind is None:
        raise ConfigurationError(f"unknown kind {data['update']!r} of an update: expected one of {', '.join(kinds)}")
    return kind.from_dict(data)


def update_from_native(encoded: tuple[str, _clanforge.Status | None]) -> Update:
    """Create an update from the JSON and the status of the native module."""
    text, native = encoded
    data = loads(text)
    if data["update"] == "reading":
        assert native is not None
        return _reading(data, ImageStatus._from_native(native))
    if data["update"] == "read_failed":
        return ReadFailed.from_dict(data)
    return _outcome(data, ImageStatus._from_native(native) if native is not None else None)


def no_outcome_error() -> ConfigurationError:
    """Return the error for a wait that has no outcome."""
    return ConfigurationError("the wait was closed or abandoned before it had an outcome: start a new wait")


def _reading(data: Mapping[str, Any], status: ImageStatus) -> ReadingTaken:
    what = "a reading"
    changes, estimate = field(data, "changes", what), field(data, "estimate", what)
    return ReadingTaken(
        elapsed=field(data, "elapsed_seconds", what),
        status=status,
        verdict=Verdict.from_dict(field(data, "verdict", what)),
        changes=Changes.from_dict(changes) if changes else None,
        freshness=field(data, "freshness", what),
        estimate=Estimate.from_dict(estimate) if estimate else None,
        next_reading=field(data, "next_reading_seconds", what),
    )


def _outcome(data: Mapping[str, Any], status: ImageStatus | None) -> Outcome:
    what = "an outcome"
    verdict = field(data, "verdict", what)
    return Outcome(
        kind=field(data, "outcome", what),
        reason=field(data, "reason", what),
        freshness=field(data, "freshness", what),
        image=ImageRef.from_dict(field(data, "image", what)),
        status=status,
        status_age=field(data, "status_age_seconds", what),
        verdict=Verdict.from_dict(verdict) if verdict else None,
        elapsed=field(data, "elapsed_seconds", what),
        readings=field(data, "readings", what),
        errors=field(data, "errors", what),
    )

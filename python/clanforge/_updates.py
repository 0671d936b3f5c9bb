"""What there is to tell while waiting, and how it ends."""

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
"""What kind of end a wait came to."""

Freshness = Literal["observed", "assumed", "unknown"]
"""How sure it is that the counts are the new version's: seen to begin, assumed for want of proof, or not yet known."""


@dataclass(frozen=True, slots=True)
class Changes(Record):
    """How the counts of the image changed between two readings; each may be negative."""

    pending_machines: int
    failed_machines: int
    completed_machines: int

    def to_dict(self) -> dict[str, int]:
        """Return the three differences."""
        return {
            "pending_machines": self.pending_machines,
            "failed_machines": self.failed_machines,
            "completed_machines": self.completed_machines,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, int]) -> Changes:
        """Return the changes of a dictionary that `to_dict` made."""
        names = ("pending_machines", "failed_machines", "completed_machines")
        pending, failed, completed = (field(data, name, "changes") for name in names)
        return cls(pending, failed, completed)


@dataclass(frozen=True, slots=True)
class Estimate(Record):
    """The time left until the gate may pass, as a range that holds in about eight of ten cases.

    Attributes:
        low: The low end, in seconds.
        high: The high end, in seconds.
    """

    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Return both ends."""
        return {"low_seconds": self.low, "high_seconds": self.high}

    @classmethod
    def from_dict(cls, data: Mapping[str, float]) -> Estimate:
        """Return the estimate of a dictionary that `to_dict` made."""
        return cls(field(data, "low_seconds", "an estimate"), field(data, "high_seconds", "an estimate"))


@dataclass(frozen=True, slots=True)
class ReadFailure(Record):
    """Why a reading failed.

    Attributes:
        kind: What kind of thing went wrong, as in `ClanforgeError.kind`.
        message: The error in words.
        status: The HTTP status of the answer, where there was one.
        retry_after: How long the service asked to wait, in seconds, where it did.
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
        """Return the failure of a dictionary that `to_dict` made."""
        kind, message = field(data, "kind", "a failure"), field(data, "message", "a failure")
        return cls(kind, message, data.get("status"), data.get("retry_after_seconds"))


@dataclass(frozen=True, slots=True)
class ReadingTaken(Record):
    """A status was read, and this was made of it.

    Attributes:
        elapsed: When, in seconds from the beginning of the wait.
        status: The status.
        verdict: What the gate says of it.
        changes: How the counts changed since the reading before; ``None`` for the first.
        freshness: How sure it is that the counts are the new version's.
        estimate: The time left; ``None`` where nothing can be said.
        next_reading: The pause before the next reading, in seconds; ``None`` where there is none.
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
        """Return the update as the command's ``-o jsonl`` writes it."""
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
        """Return the update of a dictionary that `to_dict` made."""
        return _reading(data, ImageStatus.from_dict(field(data, "status", "a reading")))


@dataclass(frozen=True, slots=True)
class ReadFailed(Record):
    """A reading failed; the wait goes on, or ends with the next update.

    Attributes:
        elapsed: When, in seconds from the beginning of the wait.
        error: Why.
        next_try: The pause before the next try, in seconds; ``None`` where there is none.
        update: ``"read_failed"``.
    """

    elapsed: float
    error: ReadFailure
    next_try: float | None
    update: Literal["read_failed"] = "read_failed"

    def to_dict(self) -> dict[str, Any]:
        """Return the update as the command's ``-o jsonl`` writes it."""
        return {
            "update": self.update,
            "version": 1,
            "elapsed_seconds": self.elapsed,
            "error": self.error.to_dict(),
            "next_try_seconds": self.next_try,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ReadFailed:
        """Return the update of a dictionary that `to_dict` made."""
        what = "a failed reading"
        failure = ReadFailure.from_dict(field(data, "error", what))
        return cls(field(data, "elapsed_seconds", what), failure, field(data, "next_try_seconds", what))


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """How a wait ended: a value, whatever the end. True where it is ready.

    Attributes:
        kind: What kind of end it was.
        reason: A sentence that a person can act on.
        freshness: How sure it is that the counts are the new version's.
        image: The image.
        status: The last status; ``None`` where there was none.
        status_age: How old that status is, in seconds.
        verdict: What the gate says of it.
        elapsed: How long the wait took, in seconds.
        readings: How many statuses were read.
        errors: How many readings failed.
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
        """Return the outcome where it is ready.

        Raises:
            NotReadyError: where it is not; its ``outcome`` is this one.
        """
        if self.is_ready:
            return self
        raise NotReadyError(self.reason, outcome=self, elapsed=self.elapsed)

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as the command's ``wait -o json`` writes it."""
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
        """Return the outcome of a dictionary that `to_dict` made."""
        status = field(data, "status", "an outcome")
        return _outcome(data, ImageStatus.from_dict(status) if status else None)


Update: TypeAlias = ReadingTaken | ReadFailed | Outcome
"""One event of a wait, told apart by its class or by ``update``. The last is the outcome."""


def update_from_dict(data: Mapping[str, Any]) -> Update:
    """Return the update of a dictionary that its `to_dict` made."""
    kinds: dict[str, type[ReadingTaken | ReadFailed | Outcome]] = {
        "reading": ReadingTaken,
        "read_failed": ReadFailed,
        "outcome": Outcome,
    }
    kind = kinds.get(field(data, "update", "an update"))
    if kind is None:
        raise ConfigurationError(f"an update of the unknown kind {data['update']!r}: one of {', '.join(kinds)}")
    return kind.from_dict(data)


def update_of(told: tuple[str, _clanforge.Status | None]) -> Update:
    """Return the update that the native half tells."""
    text, native = told
    data = loads(text)
    if data["update"] == "reading":
        assert native is not None
        return _reading(data, ImageStatus._of(native))
    if data["update"] == "read_failed":
        return ReadFailed.from_dict(data)
    return _outcome(data, ImageStatus._of(native) if native is not None else None)


def no_outcome() -> ConfigurationError:
    """Return what there is to say of a wait without an end."""
    return ConfigurationError("the wait was closed or given up, and has no outcome")


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

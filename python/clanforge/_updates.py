"""What there is to tell while waiting, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ._gate import Verdict
from ._json import dumps, field, loads
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
class Changes:
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


@dataclass(frozen=True, slots=True)
class Estimate:
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


@dataclass(frozen=True, slots=True)
class ReadFailure:
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


@dataclass(frozen=True, slots=True)
class ReadingTaken:
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

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return dumps(self.to_dict())

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ReadingTaken:
        """Return the update of a dictionary that `to_dict` made."""
        return _reading(data, ImageStatus.from_dict(field(data, "status", "a reading")))

    @classmethod
    def from_json(cls, text: str) -> ReadingTaken:
        """Return the update of a text that `to_json` made."""
        return cls.from_dict(loads(text))


@dataclass(frozen=True, slots=True)
class ReadFailed:
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

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return dumps(self.to_dict())

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ReadFailed:
        """Return the update of a dictionary that `to_dict` made."""
        what = "a failed reading"
        error = field(data, "error", what)
        names = ("kind", "message", "status", "retry_after_seconds")
        failure = ReadFailure(*(field(error, name, what) for name in names))
        return cls(field(data, "elapsed_seconds", what), failure, field(data, "next_try_seconds", what))

    @classmethod
    def from_json(cls, text: str) -> ReadFailed:
        """Return the update of a text that `to_json` made."""
        return cls.from_dict(loads(text))


@dataclass(frozen=True, slots=True)
class Outcome:
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

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return dumps(self.to_dict())

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Outcome:
        """Return the outcome of a dictionary that `to_dict` made."""
        status = data["status"]
        return _outcome(data, ImageStatus.from_dict(status) if status else None)

    @classmethod
    def from_json(cls, text: str) -> Outcome:
        """Return the outcome of a text that `to_json` made."""
        return cls.from_dict(loads(text))


Update: TypeAlias = ReadingTaken | ReadFailed | Outcome
"""One event of a wait, told apart by its class or by ``update``. The last is the outcome."""


def update_of(told: tuple[str, _clanforge.Status | None]) -> Update:
    """Return the update that the native half tells."""
    text, native = told
    data = loads(text)
    if data["update"] == "reading":
        assert native is not None
        return _reading(data, ImageStatus._of(native))
    if data["update"] == "read_failed":
        return ReadFailed.from_dict(data)
    return outcome_of(told)


def outcome_of(told: tuple[str, _clanforge.Status | None] | None) -> Outcome:
    """Return the outcome that the native half tells."""
    if told is None:
        raise ConfigurationError("the wait was closed or given up, and has no outcome")
    text, native = told
    return _outcome(loads(text), ImageStatus._of(native) if native is not None else None)


def _reading(data: Mapping[str, Any], status: ImageStatus) -> ReadingTaken:
    what = "a reading"
    changes, estimate = field(data, "changes", what), field(data, "estimate", what)
    return ReadingTaken(
        elapsed=field(data, "elapsed_seconds", what),
        status=status,
        verdict=Verdict.from_dict(field(data, "verdict", what)),
        changes=Changes(**changes) if changes else None,
        freshness=field(data, "freshness", what),
        estimate=Estimate(estimate["low_seconds"], estimate["high_seconds"]) if estimate else None,
        next_reading=field(data, "next_reading_seconds", what),
    )


def _outcome(data: Mapping[str, Any], status: ImageStatus | None) -> Outcome:
    return Outcome(
        kind=data["outcome"],
        reason=data["reason"],
        freshness=data["freshness"],
        image=ImageRef.from_dict(data["image"]),
        status=status,
        status_age=data["status_age_seconds"],
        verdict=Verdict.from_dict(data["verdict"]) if data["verdict"] else None,
        elapsed=data["elapsed_seconds"],
        readings=data["readings"],
        errors=data["errors"],
    )

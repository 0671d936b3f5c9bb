"""Waiting: the policy, what there is to tell meanwhile, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict

from . import _clanforge
from ._gate import Gate, Verdict
from ._json import dumps, field, loads
from ._models import ImageRef, ImageStatus
from .errors import ConfigurationError, NotReadyError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from typing_extensions import Unpack

    Duration: TypeAlias = float | timedelta

__all__ = [
    "Baseline",
    "Changes",
    "Estimate",
    "Freshness",
    "Monitor",
    "Outcome",
    "OutcomeKind",
    "Policy",
    "ReadFailed",
    "ReadFailure",
    "ReadingTaken",
    "Step",
    "Update",
    "WaitOptions",
]

OutcomeKind = Literal["ready", "failed", "stalled", "timed_out", "not_started", "unreachable"]
"""What kind of end a wait came to."""

Freshness = Literal["observed", "assumed", "unknown"]
"""How sure it is that the counts are the new version's: seen to begin, assumed for want of proof, or not yet known."""


class WaitOptions(TypedDict, total=False):
    """The options of a wait; durations in seconds, or as ``timedelta``.

    What is left out has its default: a strict gate, a timeout of 60 min, and the rest as the command's ``wait --help``
    says.
    """

    policy: Policy
    """Options that were put together before; those beside it replace some of them."""
    gate: Gate
    """The definition of ready."""
    timeout: Duration | None
    """How long to wait, all in all; ``None`` for as long as it takes."""
    stall_timeout: Duration
    """How long there may be no progress."""
    confirmations: int
    """How many readings in a row must agree before ready or failed is believed."""
    start_grace: Duration
    """How long it may take until the counts are seen to be the new version's."""
    evidence: str
    """The share of the machines, such as ``"50%"``, that must be seen to cease to be completed."""
    require_fresh: bool
    """Never pass without that evidence."""
    started: bool
    """That evidence has been seen already, by a wait that this one continues."""
    max_unreachable: Duration
    """How long readings may fail one after another."""
    fail_fast: bool
    """End as failed at once, without waiting for the other machines."""
    min_interval: Duration
    """The shortest pause between readings."""
    max_interval: Duration
    """The longest pause between readings."""


_DURATIONS = frozenset({"timeout", "stall_timeout", "start_grace", "max_unreachable", "min_interval", "max_interval"})
_OTHERS = frozenset({"gate", "confirmations", "evidence", "require_fresh", "started", "fail_fast"})


def seconds(name: str, duration: Duration) -> float:
    """Return a duration in seconds, or raise what is wrong with it."""
    total: object = getattr(duration, "total_seconds", None)
    number = total() if callable(total) else duration
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number < float("inf"):
        raise ConfigurationError(f"invalid {name} {duration!r}: seconds as a number from 0, or a timedelta")
    return float(number)


def policy(options: WaitOptions) -> str:
    """Return the policy of these options as the core reads it."""
    base = options.get("policy")
    if base is not None and not isinstance(base, Policy):
        raise ConfigurationError(f"invalid policy {base!r}: a clanforge.Policy")
    fields: dict[str, Any] = base.to_dict() if base is not None else {}
    for name, value in options.items():
        if name == "policy":
            continue
        if name == "gate":
            if not isinstance(value, Gate):
                raise ConfigurationError(f"invalid gate {value!r}: a clanforge.Gate")
            fields[name] = value.to_dict()
        elif name in _DURATIONS:
            fields[f"{name}_seconds"] = None if value is None and name == "timeout" else seconds(name, value)  # type: ignore[arg-type]
        elif name in _OTHERS:
            fields[name] = value
        else:
            raise TypeError(f"unexpected option {name!r}: one of {', '.join(sorted(_DURATIONS | _OTHERS | {'policy'}))}")
    return _clanforge.check_policy(dumps(fields))


class Policy:
    """How a wait decides: every option of it, checked. Immutable, equal to another by value, hashable; can be pickled.

    >>> Policy(timeout=1200, gate=Gate(max_failed="5%")).to_dict()["timeout_seconds"]
    1200.0

    Args:
        **options: See `WaitOptions`.

    Raises:
        ConfigurationError: where they contradict each other; the text names them.
    """

    __slots__ = ("_text",)

    _text: str

    def __init__(self, **options: Unpack[WaitOptions]) -> None:
        object.__setattr__(self, "_text", policy(options))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a policy is immutable: {name} cannot be set")

    def to_dict(self) -> dict[str, Any]:
        """Return every field as plain values, durations in seconds: ``timeout_seconds`` and so on."""
        fields: dict[str, Any] = loads(self._text)
        return fields

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return self._text

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """Return the policy of a dictionary; fields that are left out have their defaults, an unknown one is an error."""
        return cls.from_json(dumps(data))

    @classmethod
    def from_json(cls, text: str) -> Policy:
        """Return the policy of a text that `to_json` made."""
        made = cls.__new__(cls)
        object.__setattr__(made, "_text", _clanforge.check_policy(text))
        return made

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Policy) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return f"Policy.from_json({self._text!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (Policy.from_json, (self._text,))


@dataclass(frozen=True, slots=True)
class Baseline:
    """A status from before a rollout is started, by which a wait tells the new version's counts from the old one's.

    Attributes:
        image: The image that it was taken of.
        status: The status, with detail.
    """

    image: ImageRef
    status: ImageStatus

    def to_dict(self) -> dict[str, Any]:
        """Return the baseline as plain values: what the command's ``baseline`` writes and its ``--since`` reads."""
        return {"version": 1, "image": self.image.to_dict(), "status": self.status.to_dict()}

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return dumps(self.to_dict())

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Baseline:
        """Return the baseline of a dictionary that `to_dict` made."""
        version = field(data, "version", "a baseline")
        if version != 1:
            raise ConfigurationError(f"a baseline of version {version!r}: this reads version 1")
        image, status = field(data, "image", "a baseline"), field(data, "status", "a baseline")
        return cls(ImageRef.from_dict(image), ImageStatus.from_dict(status))

    @classmethod
    def from_json(cls, text: str) -> Baseline:
        """Return the baseline of a text that `to_json` made."""
        return cls.from_dict(loads(text))


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


@dataclass(frozen=True, slots=True)
class Step:
    """What a monitor makes of a reading, and what to do next.

    Attributes:
        update: What there is to tell.
        next_reading: Read again after so many seconds; ``None`` to stop.
        outcome: How the wait ended, where it did; a stop without one is the end by an error that no repetition mends.
    """

    update: Update
    next_reading: float | None
    outcome: Outcome | None


class Monitor:
    """The state machine of waiting, without clock: for tests, and for rollouts that were recorded.

    >>> monitor = Monitor(ImageRef(1234, 5678), started=True)
    >>> ready = ImageStatus.from_dict({"pending_machines": 0, "failed_machines": 0, "completed_machines": 40})
    >>> monitor.observe(0, ready).next_reading
    2.0
    >>> monitor.observe(2, ready).outcome.kind
    'ready'

    Args:
        image: The image.
        baseline: A status from before the rollout, where there is one.
        **options: As `Client.wait`.

    Raises:
        ConfigurationError: where the options contradict each other, or the baseline cannot be used.
    """

    __slots__ = ("_native",)

    def __init__(self, image: ImageRef, *, baseline: Baseline | None = None, **options: Unpack[WaitOptions]) -> None:
        before = native_baseline(baseline)
        self._native = _clanforge.Monitor((image.account_service_id, image.image_id), policy(options), before)

    @property
    def needs_detail(self) -> bool:
        """Whether the gate needs the counts of each fleet and region."""
        return self._native.needs_detail

    @property
    def has_started(self) -> bool:
        """Whether the counts were seen to be the new version's."""
        return self._native.has_started

    def observe(self, elapsed: Duration, reading: ImageStatus | ReadFailure) -> Step:
        """Take a reading that was taken so many seconds after the wait began, in the order of their times."""
        moment = seconds("elapsed", elapsed)
        if isinstance(reading, ImageStatus):
            told, kind, pause, ended = self._native.observe_status(moment, reading._native)
        else:
            told, kind, pause, ended = self._native.observe_failure(moment, dumps(reading.to_dict()))
        return Step(update_of(told), pause if kind == "read" else None, outcome_of(ended) if ended else None)


def native_baseline(baseline: Baseline | None) -> tuple[int, int, _clanforge.Status] | None:
    """Return a baseline as the native half takes it."""
    if baseline is None:
        return None
    if not isinstance(baseline, Baseline):
        raise ConfigurationError(f"invalid baseline {baseline!r}: a clanforge.Baseline")
    return (baseline.image.account_service_id, baseline.image.image_id, baseline.status._native)

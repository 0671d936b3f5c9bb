"""The policy of a wait, and the baseline that it compares with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from . import _clanforge
from ._validated import Validated
from ._gate import Gate
from ._json import Record, dumps, field
from ._models import ImageRef, ImageStatus
from ._settings import seconds
from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ._settings import Duration

__all__ = ["Baseline", "Policy", "WaitOptions"]


class WaitOptions(TypedDict, total=False):
    """The options of a wait; durations in seconds, or as ``timedelta``.

    Missing options have their defaults: a strict gate, a timeout of 60 min, and the others as in
    ``clanforge wait --help``.
    """

    policy: Policy
    """A policy to start from; the other options override its values."""
    gate: Gate
    """The definition of ready."""
    timeout: Duration | None
    """The timeout of the whole wait; ``None`` waits without a limit."""
    stall_timeout: Duration
    """How long the rollout may make no progress."""
    confirmations: int
    """The number of consecutive readings that must agree before a wait ends as ready or failed."""
    start_grace: Duration | None
    """How long evidence of the rollout may take to appear; ``None`` selects the default."""
    evidence: str
    """The share of machines, such as ``"50%"``, that must leave the completed state as evidence of the rollout."""
    require_fresh: bool
    """End as ready only with that evidence."""
    started: bool
    """The evidence was already seen, by an earlier wait that this one resumes."""
    max_unreachable: Duration
    """How long consecutive readings may fail."""
    fail_fast: bool
    """End as failed as soon as too many machines failed, without waiting for the others."""
    min_interval: Duration
    """The shortest poll interval."""
    max_interval: Duration
    """The longest poll interval."""


_DURATIONS = frozenset({"timeout", "stall_timeout", "start_grace", "max_unreachable", "min_interval", "max_interval"})
_NULLABLE = frozenset({"timeout", "start_grace"})
_OTHER_OPTIONS = frozenset({"gate", "confirmations", "evidence", "require_fresh", "started", "fail_fast"})


def policy_json(options: WaitOptions) -> str:
    """Check the options of a wait, and return the policy in JSON for the native module."""
    base = options.get("policy")
    if base is not None and not isinstance(base, Policy):
        raise ConfigurationError(f"invalid policy {base!r}: expected a clanforge.Policy")
    fields: dict[str, Any] = base.to_dict() if base is not None else {}
    for name, value in options.items():
        if name == "policy":
            continue
        if name == "gate":
            if not isinstance(value, Gate):
                raise ConfigurationError(f"invalid gate {value!r}: expected a clanforge.Gate")
            fields[name] = value.to_dict()
        elif name in _DURATIONS:
            fields[f"{name}_seconds"] = None if value is None and name in _NULLABLE else seconds(name, value)  # type: ignore[arg-type]
        elif name in _OTHER_OPTIONS:
            fields[name] = value
        else:
            raise TypeError(f"unexpected option {name!r}: expected one of {', '.join(sorted(_DURATIONS | _OTHER_OPTIONS | {'policy'}))}")
    return _clanforge.check_policy(dumps(fields))


class Policy(Validated):
    """The options of a wait, checked. Immutable, comparable by value, hashable and picklable.

    >>> policy = Policy(timeout=1200, gate=Gate(max_failed="5%"))
    >>> policy.timeout, policy.confirmations
    (1200.0, 2)

    Durations are seconds; in `to_dict` their names say so: ``timeout_seconds`` and so on.

    Attributes:
        gate: The definition of ready.
        timeout: The timeout of the whole wait; ``None`` waits without a limit.
        stall_timeout: How long the rollout may make no progress.
        confirmations: The number of consecutive readings that must agree.
        start_grace: How long evidence of the rollout may take to appear.
        evidence: The share of machines that must leave the completed state as evidence of the rollout.
        require_fresh: Whether the wait ends as ready only with that evidence.
        started: Whether the evidence was already seen.
        max_unreachable: How long consecutive readings may fail.
        fail_fast: Whether the wait ends as failed as soon as too many machines failed.
        min_interval: The shortest poll interval.
        max_interval: The longest poll interval.

    Args:
        **options: See `WaitOptions`.

    Raises:
        ConfigurationError: where options contradict each other; the message names them.
    """

    __slots__ = (
        "confirmations",
        "evidence",
        "fail_fast",
        "gate",
        "max_interval",
        "max_unreachable",
        "min_interval",
        "require_fresh",
        "stall_timeout",
        "start_grace",
        "started",
        "timeout",
    )
    __match_args__ = (
        "gate",
        "timeout",
        "stall_timeout",
        "confirmations",
        "start_grace",
        "evidence",
        "require_fresh",
        "started",
        "max_unreachable",
        "fail_fast",
        "min_interval",
        "max_interval",
    )

    _type_name = "policy"
    _check = staticmethod(_clanforge.check_policy)

    gate: Gate
    timeout: float | None
    stall_timeout: float
    confirmations: int
    start_grace: float | None
    evidence: str
    require_fresh: bool
    started: bool
    max_unreachable: float
    fail_fast: bool
    min_interval: float
    max_interval: float

    def __init__(self, **options: Unpack[WaitOptions]) -> None:
        self._set_json(policy_json(options))

    def _set_json(self, text: str) -> None:
        super()._set_json(text)
        fields = self.to_dict()
        object.__setattr__(self, "gate", Gate.from_dict(fields["gate"]))
        for name in _DURATIONS:
            object.__setattr__(self, name, fields[f"{name}_seconds"])
        for name in _OTHER_OPTIONS - {"gate"}:
            object.__setattr__(self, name, fields[name])

    def __repr__(self) -> str:
        fields = {name.removesuffix("_seconds"): value for name, value in self._non_default_fields().items()}
        if "gate" in fields:
            fields["gate"] = self.gate
        return f"Policy({', '.join(f'{name}={value!r}' for name, value in fields.items())})"


@dataclass(frozen=True, slots=True)
class Baseline(Record):
    """An image status from before a rollout. A wait uses it to tell the counts of the new version from those of the old one.

    Attributes:
        image: The image.
        status: The status, with detail.
    """

    image: ImageRef
    status: ImageStatus

    def __post_init__(self) -> None:
        # Rejects a baseline without image or status.
        for name, kind in (("image", ImageRef), ("status", ImageStatus)):
            if not isinstance(getattr(self, name), kind):
                raise ConfigurationError(f"invalid {name} {getattr(self, name)!r}: expected a clanforge.{kind.__name__}")

    def to_dict(self) -> dict[str, Any]:
        """Return the baseline as plain values, as ``clanforge baseline`` writes it and ``clanforge wait --since`` reads it."""
        return {"version": 1, "image": self.image.to_dict(), "status": self.status.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Baseline:
        """Create the baseline from a dictionary, as `to_dict` returns it."""
        version = field(data, "version", "a baseline")
        if version != 1:
            raise ConfigurationError(f"unsupported version {version!r} of a baseline: expected version 1")
        image, status = field(data, "image", "a baseline"), field(data, "status", "a baseline")
        return cls(ImageRef.from_dict(image), ImageStatus.from_dict(status))


def baseline_parts(baseline: Baseline | None) -> tuple[int, int, _clanforge.Status] | None:
    """Return the IDs and the status of a baseline, for the native module."""
    if baseline is None:
        return None
    if not isinstance(baseline, Baseline):
        raise ConfigurationError(f"invalid baseline {baseline!r}: expected a clanforge.Baseline")
    return (*baseline.image._ids, baseline.status._native)

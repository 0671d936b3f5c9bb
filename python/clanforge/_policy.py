"""How a wait decides: its options, and the baseline that it compares with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from . import _clanforge
from ._checked import Checked
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
    start_grace: Duration | None
    """How long it may take until the counts are seen to be the new version's; ``None`` for the default."""
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
_NULLABLE = frozenset({"timeout", "start_grace"})
_OTHERS = frozenset({"gate", "confirmations", "evidence", "require_fresh", "started", "fail_fast"})


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
            fields[f"{name}_seconds"] = None if value is None and name in _NULLABLE else seconds(name, value)  # type: ignore[arg-type]
        elif name in _OTHERS:
            fields[name] = value
        else:
            raise TypeError(f"unexpected option {name!r}: one of {', '.join(sorted(_DURATIONS | _OTHERS | {'policy'}))}")
    return _clanforge.check_policy(dumps(fields))


class Policy(Checked):
    """How a wait decides: every option of it, checked. Immutable, equal to another by value, hashable; can be pickled.

    >>> policy = Policy(timeout=1200, gate=Gate(max_failed="5%"))
    >>> policy.timeout, policy.confirmations
    (1200.0, 2)

    Durations are seconds; in `to_dict` their names say so: ``timeout_seconds`` and so on.

    Attributes:
        gate: The definition of ready.
        timeout: How long to wait, all in all; ``None`` for as long as it takes.
        stall_timeout: How long there may be no progress.
        confirmations: How many readings in a row must agree.
        start_grace: How long it may take until the counts are seen to be the new version's.
        evidence: The share of the machines that must be seen to cease to be completed.
        require_fresh: Whether it never passes without that evidence.
        started: Whether that evidence has been seen already.
        max_unreachable: How long readings may fail one after another.
        fail_fast: Whether it ends as failed at once.
        min_interval: The shortest pause between readings.
        max_interval: The longest pause between readings.

    Args:
        **options: See `WaitOptions`.

    Raises:
        ConfigurationError: where they contradict each other; the text names them.
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

    _what = "policy"
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
        self._hold(policy(options))

    def _hold(self, text: str) -> None:
        super()._hold(text)
        fields = self.to_dict()
        object.__setattr__(self, "gate", Gate.from_dict(fields["gate"]))
        for name in _DURATIONS:
            object.__setattr__(self, name, fields[f"{name}_seconds"])
        for name in _OTHERS - {"gate"}:
            object.__setattr__(self, name, fields[name])

    def __repr__(self) -> str:
        changed = {name.removesuffix("_seconds"): value for name, value in self._changed().items()}
        if "gate" in changed:
            changed["gate"] = self.gate
        return f"Policy({', '.join(f'{name}={value!r}' for name, value in changed.items())})"


@dataclass(frozen=True, slots=True)
class Baseline(Record):
    """A status from before a rollout is started, by which a wait tells the new version's counts from the old one's.

    Attributes:
        image: The image that it was taken of.
        status: The status, with detail.
    """

    image: ImageRef
    status: ImageStatus

    def __post_init__(self) -> None:
        # Half a baseline must not pass for one.
        for name, kind in (("image", ImageRef), ("status", ImageStatus)):
            if not isinstance(getattr(self, name), kind):
                raise ConfigurationError(f"invalid {name} {getattr(self, name)!r}: a clanforge.{kind.__name__}")

    def to_dict(self) -> dict[str, Any]:
        """Return the baseline as plain values: what the command's ``baseline`` writes and its ``--since`` reads."""
        return {"version": 1, "image": self.image.to_dict(), "status": self.status.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Baseline:
        """Return the baseline of a dictionary that `to_dict` made."""
        version = field(data, "version", "a baseline")
        if version != 1:
            raise ConfigurationError(f"a baseline of version {version!r}: this reads version 1")
        image, status = field(data, "image", "a baseline"), field(data, "status", "a baseline")
        return cls(ImageRef.from_dict(image), ImageStatus.from_dict(status))


def native_baseline(baseline: Baseline | None) -> tuple[int, int, _clanforge.Status] | None:
    """Return a baseline as the native half takes it."""
    if baseline is None:
        return None
    if not isinstance(baseline, Baseline):
        raise ConfigurationError(f"invalid baseline {baseline!r}: a clanforge.Baseline")
    return (*baseline.image._ids, baseline.status._native)

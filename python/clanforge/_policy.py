"""How a wait decides: its options, and the baseline that it compares with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from . import _clanforge
from ._gate import Gate
from ._json import dumps, field, loads
from ._models import ImageRef, ImageStatus
from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from typing_extensions import Unpack

    Duration: TypeAlias = float | timedelta

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


def native_baseline(baseline: Baseline | None) -> tuple[int, int, _clanforge.Status] | None:
    """Return a baseline as the native half takes it."""
    if baseline is None:
        return None
    if not isinstance(baseline, Baseline):
        raise ConfigurationError(f"invalid baseline {baseline!r}: a clanforge.Baseline")
    return (baseline.image.account_service_id, baseline.image.image_id, baseline.status._native)

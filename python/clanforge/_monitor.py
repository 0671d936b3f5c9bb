"""The state machine of waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import _clanforge
from ._json import Record, dumps, field
from ._models import ImageRef, ImageStatus
from ._policy import Baseline, WaitOptions, native_baseline, policy
from ._settings import seconds
from ._updates import Outcome, ReadFailure, Update, update_from_dict, update_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ._settings import Duration

__all__ = ["Monitor", "Step"]


@dataclass(frozen=True, slots=True)
class Step(Record):
    """What a monitor makes of a reading, and what to do next.

    Attributes:
        update: What there is to tell.
        next_reading: Read again after so many seconds; ``None`` to stop.
        outcome: How the wait ended, where it did; a stop without one is the end by an error that no repetition mends.
    """

    update: Update
    next_reading: float | None
    outcome: Outcome | None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, as plain values."""
        return {
            "update": self.update.to_dict(),
            "next_reading_seconds": self.next_reading,
            "outcome": self.outcome.to_dict() if self.outcome is not None else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Step:
        """Return the step of a dictionary that `to_dict` made."""
        update, pause, outcome = (field(data, name, "a step") for name in ("update", "next_reading_seconds", "outcome"))
        return cls(update_from_dict(update), pause, Outcome.from_dict(outcome) if outcome else None)


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
        self._native = _clanforge.Monitor(image._ids, policy(options), before)

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
            told, pause, ended = self._native.observe_status(moment, reading._native)
        else:
            told, pause, ended = self._native.observe_failure(moment, dumps(reading.to_dict()))
        last = update_of(ended) if ended else None
        return Step(update_of(told), pause, last if isinstance(last, Outcome) else None)

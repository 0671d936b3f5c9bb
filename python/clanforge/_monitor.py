"""The monitor of a wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import _clanforge
from ._json import Record, dumps, field
from ._models import ImageRef, ImageStatus
from ._policy import Baseline, WaitOptions, baseline_parts, policy_json
from ._settings import seconds
from ._updates import Outcome, ReadFailure, Update, update_from_dict, update_from_native

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ._settings import Duration

__all__ = ["Monitor", "Step"]


@dataclass(frozen=True, slots=True)
class Step(Record):
    """The result of a reading, and what to do next.

    Attributes:
        update: The update.
        next_reading: Seconds until the next reading; ``None`` where the wait has ended.
        outcome: The outcome, where the wait has one. A wait that ends without an outcome ended by a permanent error.
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
        """Create the step from a dictionary, as `to_dict` returns it."""
        update, interval, outcome = (field(data, name, "a step") for name in ("update", "next_reading_seconds", "outcome"))
        return cls(update_from_dict(update), interval, Outcome.from_dict(outcome) if outcome else None)


class Monitor:
    """The state machine of a wait, without clock and I/O: for tests and recorded rollouts.

    >>> monitor = Monitor(ImageRef(1234, 5678), started=True)
    >>> ready = ImageStatus.from_dict({"pending_machines": 0, "failed_machines": 0, "completed_machines": 40})
    >>> monitor.observe(0, ready).next_reading
    2.0
    >>> monitor.observe(2, ready).outcome.kind
    'ready'

    Args:
        image: The image.
        baseline: The status before the rollout.
        **options: As `Client.wait`.

    Raises:
        ConfigurationError: where the options contradict each other, or the baseline does not match the image.
    """

    __slots__ = ("_native",)

    def __init__(self, image: ImageRef, *, baseline: Baseline | None = None, **options: Unpack[WaitOptions]) -> None:
        self._native = _clanforge.Monitor(image._ids, policy_json(options), baseline_parts(baseline))

    @property
    def needs_detail(self) -> bool:
        """Whether the gate needs the counts of each fleet and region."""
        return self._native.needs_detail

    @property
    def has_started(self) -> bool:
        """Whether there is evidence that the counts describe the new version."""
        return self._native.has_started

    def observe(self, elapsed: Duration, reading: ImageStatus | ReadFailure) -> Step:
        """Take a reading from ``elapsed`` after the start of the wait. Call it in the order of time."""
        elapsed_seconds = seconds("elapsed", elapsed)
        if isinstance(reading, ImageStatus):
            encoded, interval, encoded_outcome = self._native.observe_status(elapsed_seconds, reading._native)
        else:
            encoded, interval, encoded_outcome = self._native.observe_failure(elapsed_seconds, dumps(reading.to_dict()))
        outcome = update_from_native(encoded_outcome) if encoded_outcome else None
        return Step(update_from_native(encoded), interval, outcome if isinstance(outcome, Outcome) else None)

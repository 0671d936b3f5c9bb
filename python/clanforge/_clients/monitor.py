"""The monitor of a wait."""

from __future__ import annotations

from .. import _clanforge
from .._generated.models import Baseline, ImageRef, Outcome, ReadFailure, Step
from .._generated.options import PolicyOptions
from .._models.record import Duration, Self, Unpack, check_names, dumps, instance, mistyped, named_arguments, or_none, seconds, text
from .._models.status import ImageStatus
from .settings import native_baseline, policy_json, update_from_native

__all__ = ["Monitor"]


class Monitor:
    """The state machine of a wait, without a clock and without I/O, for tests and for a loop of your own.

    >>> monitor = Monitor(ImageRef(1234, 5678), start_grace=0)
    >>> ready = ImageStatus.from_dict({"pending_machines": 0, "failed_machines": 0, "completed_machines": 40})
    >>> monitor.observe(0, ready).next_reading
    2.0
    >>> monitor.observe(2, ready).outcome.kind
    'ready'

    Args:
        image: The image.
        baseline: The status before the rollout.
        **options: See `PolicyOptions`.

    Raises:
        ConfigurationError: if the options contradict each other, or the baseline is of another image.
    """

    __slots__ = ("_native",)

    @named_arguments
    def __init__(self, image: ImageRef, *, baseline: Baseline | None = None, **options: Unpack[PolicyOptions]) -> None:
        ids = instance(ImageRef)("image", image)._values()
        check_names(options, "image", "baseline", *PolicyOptions.__annotations__)
        self._native = _clanforge.Monitor(ids, policy_json(options), or_none(native_baseline)("baseline", baseline))

    @classmethod
    def restore(cls, snapshot: str) -> Self:
        """Return a monitor that continues from a `snapshot`, also one of another process or another machine.

        For later readings, ``elapsed`` still counts from the start of the wait, the time between the two processes included.

        Raises:
            ConfigurationError: if the text is not a snapshot.
        """
        monitor = cls.__new__(cls)
        monitor._native = _clanforge.Monitor.restore(text("snapshot", snapshot))
        return monitor

    def snapshot(self) -> str:
        """Return the monitor as it is now, as JSON: a version, the image, and a ``state`` that only `restore` reads.

        >>> monitor = Monitor(ImageRef(1234, 5678), start_grace=0, settle=0)
        >>> ready = ImageStatus.from_dict({"pending_machines": 0, "failed_machines": 0, "completed_machines": 40})
        >>> monitor.observe(0, ready).outcome
        >>> Monitor.restore(monitor.snapshot()).observe(2, ready).outcome.kind
        'ready'
        """
        return self._native.snapshot()

    @property
    def needs_detail(self) -> bool:
        """Whether the gate needs the counts of each fleet and region."""
        return self._native.needs_detail

    @property
    def has_started(self) -> bool:
        """Whether there is evidence that the counts describe the new version."""
        return self._native.has_started

    def observe(self, elapsed: Duration, reading: ImageStatus | ReadFailure, *, age: Duration = 0) -> Step:
        """Process a reading, and return its update and when to read next. Pass readings in the order of time.

        Args:
            elapsed: When the reading was received: the time since the start of the wait, in seconds or as a ``timedelta``.
            reading: The status, or why the reading failed.
            age: How old the status was then, by the ``Age`` header of a cache, in seconds or as a ``timedelta``. Defaults to 0.
        """
        elapsed_seconds, age_seconds = seconds("elapsed", elapsed), seconds("age", age)
        if isinstance(reading, ImageStatus):
            encoded, interval, encoded_outcome = self._native.observe_status(elapsed_seconds, reading._native, age_seconds)
        elif not isinstance(reading, ReadFailure):
            raise mistyped("reading", reading, "a clanforge.ImageStatus or a clanforge.ReadFailure")
        else:
            encoded, interval, encoded_outcome = self._native.observe_failure(elapsed_seconds, dumps(reading.to_dict()))
        outcome = update_from_native(encoded_outcome) if encoded_outcome else None
        return Step(update_from_native(encoded), interval, outcome if isinstance(outcome, Outcome) else None)

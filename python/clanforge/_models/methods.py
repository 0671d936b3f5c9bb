"""The methods of generated models: those of a class ``XMethods`` are those of the model ``X``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from .. import _clanforge
from .._generated.status import Verdict
from .._generated.words import OUTCOME_KIND_EXIT_CODES, OutcomeKind
from .python_errors import NotReadyError
from .record import Options, Record, Self, instance, loads
from .status import ImageStatus


if TYPE_CHECKING:
    from .._generated.models import Outcome


class GateMethods(Options):
    __slots__ = ()

    @property
    def needs_detail(self) -> bool:
        """Whether the gate needs a status with detail."""
        return _clanforge.gate_needs_detail(self.to_json())

    def evaluate(self, status: ImageStatus) -> Verdict:
        """Return the verdict on a status.

        >>> gate = Gate(max_failed="5%", min_completed=40)
        >>> status = ImageStatus.from_dict({"pending_machines": 0, "failed_machines": 2, "completed_machines": 40})
        >>> str(gate.evaluate(status))
        'ready: 40 of 42 machines completed, 0 pending, 2 failed'
        """
        native = instance(ImageStatus)("status", status)._native
        return Verdict.from_dict(loads(_clanforge.evaluate(self.to_json(), native)))


class OutcomeMethods(Record):
    __slots__ = ()

    kind: OutcomeKind
    reason: str
    status: ImageStatus | None
    elapsed: float

    @property
    def is_ready(self) -> bool:
        """Whether the wait ended as ready."""
        return self.kind == "ready"

    @property
    def exit_code(self) -> int:
        """The exit code of the ``clanforge`` command for this outcome: 0 if it is ready."""
        return OUTCOME_KIND_EXIT_CODES[self.kind]

    def __bool__(self) -> bool:
        return self.is_ready

    def _repr_html_(self) -> str:
        """Return the outcome as HTML, for notebooks."""
        return _clanforge.outcome_html(self.to_json())

    def raise_for_status(self) -> Self:
        """Return the outcome if it is ready.

        Raises:
            NotReadyError: if it is not; its ``outcome`` is this one.
        """
        if self.is_ready:
            return self
        raise NotReadyError(self.reason, outcome=cast("Any", self), elapsed=self.elapsed)

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as a dictionary, as ``clanforge wait -o json`` writes it."""
        return {**super().to_dict(), "summary": self.status.summary() if self.status is not None else None}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return an outcome from a dictionary of `to_dict`, with or without the key ``update``."""
        return super().from_dict({"update": "outcome", **data} if isinstance(data, Mapping) else data)


class ImageOutcomeMethods(Record):
    __slots__ = ()

    if TYPE_CHECKING:
        outcome: Outcome | None

    @property
    def is_ready(self) -> bool:
        """Whether the image is ready."""
        return self.outcome is not None and self.outcome.is_ready

    def to_dict(self) -> dict[str, Any]:
        """Return the dictionary that a combined outcome contains for the image: its ``outcome`` has no key ``update``."""
        data = super().to_dict()
        if data["outcome"] is not None:
            del data["outcome"]["update"]
        return data


class CombinedOutcomeMethods(Record):
    __slots__ = ()

    ready: bool

    @property
    def is_ready(self) -> bool:
        """Whether every image is ready."""
        return self.ready

    @property
    def reason(self) -> str:
        """A sentence for people: which images are not ready, and why."""
        return "every image is ready" if self.ready else _clanforge.not_all_ready(self.to_json())

    def __str__(self) -> str:
        return self.reason

    def raise_for_status(self) -> Self:
        """Return the outcome if every image is ready.

        Raises:
            NotReadyError: if any is not; its ``outcome`` is this one.
        """
        if self.ready:
            return self
        raise NotReadyError(self.reason, outcome=cast("Any", self))

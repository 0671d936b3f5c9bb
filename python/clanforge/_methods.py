"""The methods of generated models: those of a class ``XMethods`` are those of the model ``X``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from . import _clanforge
from ._record import Options, instance, loads
from ._status import ImageStatus
from .errors import NotReadyError

_O = TypeVar("_O", bound="OutcomeMethods")


class ImageRefMethods:
    __slots__ = ()

    if TYPE_CHECKING:
        account_service_id: int
        image_id: int

    @property
    def _ids(self) -> tuple[int, int]:
        return (self.account_service_id, self.image_id)


class GateMethods(Options):
    __slots__ = ()

    _check = staticmethod(_clanforge.check_gate)

    @property
    def needs_detail(self) -> bool:
        """Whether the gate cannot judge a status without detail."""
        return _clanforge.gate_needs_detail(self.to_json())

    def evaluate(self, status: ImageStatus) -> models.Verdict:
        """Return the verdict on a status.

        >>> gate = Gate(max_failed="5%", min_completed=40)
        >>> status = ImageStatus.from_dict({"pending_machines": 0, "failed_machines": 2, "completed_machines": 40})
        >>> str(gate.evaluate(status))
        'ready: 40 of 42 machines completed, 0 pending, 2 failed'
        """
        native = instance(ImageStatus)("status", status)._native
        return models.Verdict.from_dict(loads(_clanforge.evaluate(self.to_json(), native)))


class PolicyMethods:
    __slots__ = ()

    _check = staticmethod(_clanforge.check_policy)


class VerdictMethods:
    __slots__ = ()

    if TYPE_CHECKING:
        ready: bool

    def __bool__(self) -> bool:
        return self.ready


class OutcomeMethods:
    __slots__ = ()

    if TYPE_CHECKING:
        kind: models.OutcomeKind
        reason: str
        freshness: models.Freshness
        status: ImageStatus | None
        elapsed: float

    @property
    def is_ready(self) -> bool:
        """Whether the gate passed."""
        return self.kind == "ready"

    @property
    def exit_code(self) -> int:
        """The exit code of the command for this outcome: 0 if it is ready."""
        return models.OUTCOME_KIND_EXIT_CODES[self.kind]

    def __bool__(self) -> bool:
        return self.is_ready

    def raise_for_status(self: _O) -> _O:
        """Return the outcome if it is ready.

        Raises:
            NotReadyError: if it is not; its ``outcome`` is this one.
        """
        if self.is_ready:
            return self
        raise NotReadyError(self.reason, outcome=cast("models.Outcome", self), elapsed=self.elapsed)

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as the command's ``wait -o json`` writes it."""
        data: dict[str, Any] = super().to_dict()  # type: ignore[misc]
        return {**data, "summary": self.status.summary() if self.status is not None else None}


# At the end, since the generated models take their methods from here.
from ._generated import models  # noqa: E402

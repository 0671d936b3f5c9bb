"""What the blocks of rollouts have in common."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from . import _clanforge
from ._client_base import wait_options
from ._generated.errors import BusyError, ConfigurationError
from ._generated.models import Baseline, CombinedOutcome, ImageRef, RolloutOptions
from ._record import boolean, mistyped
from ._settings import Images, image_list, native_baseline

ClientT = TypeVar("ClientT")


class RolloutBase(Generic[ClientT]):
    """A rollout: its baselines, and how it ended.

    Attributes:
        baselines: The statuses with detail before the rollout, in the order of the images; empty before the block begins.
    """

    __slots__ = ("_allow_busy", "_client", "_images", "_on_update", "_options", "_outcome", "baselines")

    def __init__(
        self, client: ClientT, images: ImageRef | Images, allow_busy: bool, on_update: Any, options: RolloutOptions
    ) -> None:
        self._client = client
        self._allow_busy = boolean("allow_busy", allow_busy)
        if on_update is not None and not callable(on_update):
            raise mistyped("on_update", on_update, "a function that takes an update")
        # After the block has begun it is too late for an error of the arguments: the rollout has started.
        self._images = [ImageRef(*ids) for ids in image_list([images] if isinstance(images, ImageRef) else images)]
        if not self._images:
            raise ConfigurationError("there are no images to wait for")
        for index, image in enumerate(self._images):
            if image in self._images[:index]:
                raise ConfigurationError(f"image {image.image_id} of account service {image.account_service_id} is named twice")
        policy, _ = wait_options({**options}, ("allow_busy", "on_update", *RolloutOptions.__annotations__))
        _clanforge.check_policy(policy)
        self._options = options
        self._on_update = on_update
        self._outcome: CombinedOutcome | None = None
        self.baselines: tuple[Baseline, ...] = ()

    @property
    def outcome(self) -> CombinedOutcome:
        """How the rollout ended.

        Raises:
            ConfigurationError: where the block has not ended, or raised an exception.
        """
        if self._outcome is None:
            raise ConfigurationError("the rollout has no outcome: its block has not ended, or raised an exception")
        return self._outcome

    def _begin(self, baselines: list[Baseline]) -> None:
        """Keep the baselines, unless another rollout is running."""
        busy = _clanforge.busy([native_baseline("baseline", baseline) for baseline in baselines])
        if busy is not None and not self._allow_busy:
            raise BusyError(f"{busy}, or allow that it runs (allow_busy=True)")
        self.baselines = tuple(baselines)

    def _end(self, outcome: CombinedOutcome) -> None:
        self._outcome = outcome
        outcome.raise_for_status()

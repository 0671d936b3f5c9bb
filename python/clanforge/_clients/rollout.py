"""The base class of blocking and asynchronous rollouts."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from .. import _clanforge
from .base import ClientBase, check_callback, is_coroutine_function, wait_options
from .._generated.errors import ConfigurationError
from .._generated.models import Baseline, CombinedOutcome, ImageRef, RolloutOptions
from .._models.record import boolean, mistyped
from .settings import Images, baseline_from_native, image_list

ClientT = TypeVar("ClientT", bound="ClientBase[Any, Any]")


class RolloutBase(Generic[ClientT]):
    """A rollout: its baselines, and how it ended.

    Attributes:
        baselines: The baseline of each image, in the order of the images; empty before the rollout begins.
    """

    __slots__ = ("_arguments", "_begun", "_client", "_on_update", "_outcome", "baselines")

    def __init__(
        self,
        client: ClientT,
        images: ImageRef | Images,
        allow_busy: bool,
        assume_deployed: bool,
        on_update: Any,
        options: RolloutOptions,
    ) -> None:
        flags = (boolean("allow_busy", allow_busy), boolean("assume_deployed", assume_deployed))
        check_callback(on_update)
        ids = image_list([images] if isinstance(images, ImageRef) else images)
        names = ("allow_busy", "assume_deployed", "on_update", *RolloutOptions.__annotations__)
        policy, native = wait_options({**options}, names)
        _clanforge.check_policy(policy)
        self._arguments = (ids, policy, native, *flags)
        self._client = client
        self._on_update = on_update
        self._begun: _clanforge.Rollout | None = None
        self._outcome: CombinedOutcome | None = None
        self.baselines: tuple[Baseline, ...] = ()

    @property
    def outcome(self) -> CombinedOutcome:
        """The outcome of the wait for the rollout.

        Raises:
            ConfigurationError: if it has not ended, or starting the rollout raised an exception.
        """
        if self._outcome is None:
            raise ConfigurationError("the rollout has no outcome: it has not ended, or starting it raised an exception")
        return self._outcome

    def _call(self, *, is_block: bool) -> _clanforge.Call:
        """Return the call that begins the rollout."""
        if is_block and self._arguments[2].get("state") is not None:
            raise ConfigurationError(
                "a with block cannot have a state, because it would start the rollout again: use client.rollout(images, state=...).run(deploy)"
            )
        return self._client._native.rollout(*self._arguments)

    def _keep(self, begun: _clanforge.Rollout) -> _clanforge.Rollout:
        self.baselines = tuple(map(baseline_from_native, begun.baselines()))
        self._begun = begun
        return begun

    def _watch(self) -> Any:
        """Start the wait."""
        assert self._begun is not None
        return self._client._watch_all(_clanforge.Watch(self._begun), self._client._provider)

    def _end(self, outcome: CombinedOutcome) -> CombinedOutcome:
        self._outcome = outcome
        return outcome.raise_for_status()


def check_deploy(deploy: object, *, is_async: bool) -> None:
    """Check the function that starts the rollout."""
    if not callable(deploy):
        raise mistyped("deploy", deploy, "a function that starts the rollout")
    if not is_async and is_coroutine_function(deploy):
        raise mistyped("deploy", deploy, "a plain function; for a coroutine function, use AsyncClient")


def check_deployed(result: object) -> None:
    """Check that a function returned nothing that has to be awaited."""
    from inspect import isawaitable, iscoroutine

    if isawaitable(result):
        if iscoroutine(result):
            result.close()
        raise mistyped("result of deploy", result, "no awaitable; for a coroutine function, use AsyncClient")


def failure(error: Exception) -> str:
    """Return why a deployment failed, for the state file."""
    return f"{type(error).__name__}: {error}"

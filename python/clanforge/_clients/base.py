"""What blocking and asynchronous clients, waits and rollouts share."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from .. import _clanforge
from .._generated.errors import ConfigurationError
from .._generated.models import Baseline, CombinedOutcome, ImageRef, Outcome, Update
from .._generated.options import REQUEST_OPTIONS, STATUS_OPTIONS, RolloutOptions, Settings, StatusOptions, WaitAllOptions, WaitOptions
from .._models.credentials import CredentialsProvider
from .._models.record import Duration, Self, Unpack, boolean, check_names, dumps, list_of, mistyped, named_arguments, or_none
from .._models.record import seconds, taken
from .._models.status import ImageStatus
from .settings import Images, baseline_from_native, combined_from_native, image_ids, image_list, merge_settings, native_baseline
from .settings import policy_json, settings_json, update_from_native

OutcomeT = TypeVar("OutcomeT", Outcome, CombinedOutcome)


class ClientBase:
    """The settings of a client, and the native client."""

    __slots__ = ("_native", "_settings")

    _is_async: ClassVar[bool]

    @named_arguments
    def __init__(self, **settings: Unpack[Settings]) -> None:
        self._settings = settings
        self._native = _clanforge.Client(settings_json(settings), self._is_async)

    @property
    def _provider(self) -> CredentialsProvider | None:
        return self._settings.get("credentials_provider")

    def _status_call(
        self, account_service_id: int | ImageRef | None, image_id: int | None, options: StatusOptions
    ) -> _clanforge.Call:
        image = image_ids(account_service_id, image_id)
        # A call without keyword arguments is faster.
        return self._native.image_status(image, **taken(STATUS_OPTIONS, options)) if options else self._native.image_status(image)

    def _native_watch(
        self, account_service_id: int | ImageRef | None, image_id: int | None, options: WaitOptions
    ) -> _clanforge.Watch:
        image = image_ids(account_service_id, image_id)
        baseline = or_none(native_baseline)("baseline", options.get("baseline"))
        return self._native.watch(image, wait_options(options, *WaitOptions.__annotations__), baseline)

    def _native_watch_all(self, images: Images, options: WaitAllOptions) -> _clanforge.Watch:
        ids = image_list(images)
        baselines = list_of(native_baseline, "a list of clanforge.Baseline")("baselines", options.get("baselines", ()))
        return self._native.watch_all(ids, wait_options(options, *WaitAllOptions.__annotations__), baselines)

    def _baseline(self, image: ImageRef, status: ImageStatus, taken_at: str) -> Baseline:
        """Return a baseline, and log a warning if it is doubtful."""
        baseline = Baseline(image, status, taken_at)
        for warning in _clanforge.baseline_warnings(native_baseline("baseline", baseline)):
            import logging

            logging.getLogger("clanforge").warning("%s account_service_id=%d image_id=%d", warning, *image._values())
        return baseline

    @named_arguments
    def with_options(self, **settings: Unpack[Settings]) -> Self:
        """Return a client with some settings changed, and its own connections."""
        return type(self)(**merge_settings(self._settings, settings))

    def __repr__(self) -> str:
        # A client whose settings were refused has no native client, and a traceback may show it.
        native: _clanforge.Client | None = getattr(self, "_native", None)
        origin = native and native.origin()
        return f"<clanforge.{type(self).__name__} {f'for {origin}' if origin else '(closed)'}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("cannot pickle a client: it holds credentials and connections")


class WatchBase(Generic[OutcomeT]):
    """The updates of a wait, and its outcome once it has ended."""

    __slots__ = ("_native", "_outcome", "_provider")

    _is_combined: ClassVar[bool]
    """The outcome is that of several images, which comes after the last update. For one image, it is the last update."""

    def __init__(self, native: _clanforge.Watch, provider: CredentialsProvider | None) -> None:
        self._native = native
        self._provider = provider
        self._outcome: Any = None

    def _received(self, encoded: tuple[str, _clanforge.Status | None] | None, end: type[Exception]) -> Update:
        if encoded is None:
            combined = self._native.combined_outcome()
            if combined is not None:
                self._outcome = combined_from_native(combined)
            # If the wait was closed, a loop over its updates must not end as if it had seen the outcome.
            self._known_outcome()
            raise end
        update = update_from_native(encoded)
        if isinstance(update, Outcome) and not self._is_combined:
            self._outcome = update
        return update

    def _known_outcome(self) -> OutcomeT:
        if self._outcome is None:
            raise ConfigurationError("the wait has no outcome: it was closed or interrupted, or ended with an error; start a new wait")
        outcome: OutcomeT = self._outcome
        return outcome


class RolloutBase:
    """A rollout: its baselines, and how it ended.

    Attributes:
        baselines: The baseline of each image, in the order of the images; empty before the rollout begins.
    """

    __slots__ = ("_arguments", "_begun", "_client", "_has_state", "_on_update", "_outcome", "baselines")

    _begun: _clanforge.Rollout

    def __init__(
        self,
        client: ClientBase,
        images: ImageRef | Images,
        allow_busy: bool,
        assume_deployed: bool,
        on_update: Any,
        options: RolloutOptions,
    ) -> None:
        flags = (boolean("allow_busy", allow_busy), boolean("assume_deployed", assume_deployed))
        check_callback(on_update)
        ids = image_list([images] if isinstance(images, ImageRef) else images)
        wait = wait_options(options, "allow_busy", "assume_deployed", "on_update", *RolloutOptions.__annotations__)
        _clanforge.check_policy(wait[0])
        self._arguments = (ids, wait, *flags)
        self._client = client
        self._has_state = options.get("state") is not None
        self._on_update = on_update
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
        if is_block and self._has_state:
            raise ConfigurationError(
                "a with block cannot have a state, because it would start the rollout again: use client.rollout(images, state=...).run(deploy)"
            )
        return self._client._native.rollout(*self._arguments)

    def _keep(self, begun: _clanforge.Rollout) -> _clanforge.Rollout:
        self.baselines = tuple(map(baseline_from_native, begun.baselines()))
        self._begun = begun
        return begun

    def _check_deploy(self, deploy: object) -> None:
        """Check the function that starts the rollout."""
        from inspect import iscoroutinefunction

        if not callable(deploy):
            raise mistyped("deploy", deploy, "a function that starts the rollout")
        is_async = iscoroutinefunction(deploy) or iscoroutinefunction(getattr(deploy, "__call__", None))
        if is_async and not self._client._is_async:
            raise mistyped("deploy", deploy, "a plain function; for a coroutine function, use AsyncClient")


def wait_options(options: Mapping[str, Any], *known: str) -> tuple[str, str]:
    """Return the policy of a wait, and the options of its requests and files, as JSON."""
    check_names(options, *known)
    requests = {name: value for name, value in options.items() if name in REQUEST_OPTIONS}
    return policy_json(options), dumps(taken(REQUEST_OPTIONS, requests))


def check_arguments(
    check: bool, on_update: object, options: Mapping[str, Any], known: type[WaitOptions] | type[WaitAllOptions]
) -> None:
    """Check the arguments of a wait that are not passed to the native module."""
    boolean("check", check)
    check_names(options, "check", "on_update", *known.__annotations__)
    check_callback(on_update)


def check_callback(on_update: Any) -> None:
    """Check that the function that is called with each update takes one argument."""
    if on_update is None:
        return
    from inspect import signature

    try:
        signature(on_update).bind(None)
    except TypeError:
        raise mistyped("on_update", on_update, "a function that takes an update") from None
    except ValueError:  # A function in C may have no signature.
        pass


def backoffs(retry_for: Duration) -> Iterator[float]:
    """Return the backoff before each retry of a call for a baseline, until the time is over."""
    end = time.monotonic() + seconds("retry_for", retry_for)

    def pauses() -> Iterator[float]:
        pause = 0.25
        while (left := end - time.monotonic()) > 0:
            pause = min(2 * pause, 8.0)
            yield min(pause, left)

    return pauses()

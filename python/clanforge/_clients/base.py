"""The base classes of blocking and asynchronous clients."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from .. import _clanforge
from .._models.credentials import CredentialsProvider
from .._generated.models import Baseline, CombinedOutcome, ImageRef, Outcome, Update, WaitAllOptions, WaitOptions
from .._generated.options import STATUS_OPTIONS, Settings, StatusOptions
from .._models.record import Codec, Duration, Self, Unpack, boolean, integer, mistyped, named_arguments, or_none, path, seconds
from .._models.record import taken, unexpected
from .settings import Images, image_ids, image_list, merge_settings, native_baseline, native_baselines, policy_json
from .settings import combined_from_native, settings_json, update_from_native
from .._models.status import ImageStatus
from .._generated.errors import ApiError, ConfigurationError

WatchT = TypeVar("WatchT", bound="WatchBase[Outcome]")
WatchAllT = TypeVar("WatchAllT", bound="WatchBase[CombinedOutcome]")
OutcomeT = TypeVar("OutcomeT", Outcome, CombinedOutcome)

_NATIVE_OPTIONS = {
    "detail": Codec("detail", take=boolean),
    "seed": Codec("seed", take=or_none(integer(0, 2**64 - 1))),
    "record": Codec("record", take=or_none(path)),
    "report": Codec("report", take=or_none(path)),
    "state": Codec("state", take=or_none(path)),
}
"""The options of a wait that are not part of its policy."""


class ClientBase(Generic[WatchT, WatchAllT]):
    """The settings of a client, and the native client."""

    __slots__ = ("_native", "_settings")

    _is_async: ClassVar[bool]
    _watch: type[WatchT]
    _watch_all: type[WatchAllT]

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
        return self._native.image_status(image, **taken(STATUS_OPTIONS, options, STATUS_OPTIONS))

    @named_arguments
    def watch(
        self, account_service_id: int | ImageRef | None = None, image_id: int | None = None, **options: Unpack[WaitOptions]
    ) -> WatchT:
        """Start a wait as `wait` does, and return an iterator of its updates; the last is the outcome.

        The iterator is a context manager: leaving its ``with`` block ends the wait, and closes its connection. With an
        `AsyncClient`, use ``async for`` and ``async with``.

        >>> with simulate("happy") as service, service.client() as client, client.watch(1234, 5678) as updates:
        ...     next(updates).update
        'reading'
        """
        image = image_ids(account_service_id, image_id)
        given: dict[str, Any] = {**options}
        baseline = or_none(native_baseline)("baseline", given.pop("baseline", None))
        policy, native = wait_options(given, WaitOptions.__annotations__)
        return self._watch(self._native.watch(image, policy, baseline, native), self._provider)

    @named_arguments
    def watch_all(self, images: Images, **options: Unpack[WaitAllOptions]) -> WatchAllT:
        """Start a wait as `wait_all` does, and return an iterator of the updates of all images, each of which names its image.

        See `watch`. ``outcome()`` of the iterator returns the combined outcome.

        >>> with simulate("happy") as service, service.client() as client:
        ...     with client.watch_all([(1234, 5678), (1234, 5679)]) as updates:
        ...         sorted({next(updates).image.image_id, next(updates).image.image_id})
        [5678, 5679]
        """
        ids = image_list(images)
        given: dict[str, Any] = {**options}
        baselines = native_baselines("baselines", given.pop("baselines", ()))
        policy, native = wait_options(given, WaitAllOptions.__annotations__)
        return self._watch_all(self._native.watch_all(ids, policy, baselines, native), self._provider)

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

    def __init__(self, native: _clanforge.Watch, provider: CredentialsProvider | None) -> None:
        self._native = native
        self._provider = provider
        self._outcome: OutcomeT | None = None

    def _received(self, encoded: tuple[str, _clanforge.Status | None] | None, end: type[Exception]) -> Update:
        if encoded is None:
            self._end(None)
            # If the wait was closed, a loop over its updates must not end as if it had seen the outcome.
            self._known_outcome()
            raise end
        update = update_from_native(encoded)
        self._end(update)
        return update

    def _end(self, update: Update | None) -> None:
        """Keep the outcome if it comes with this update; ``None`` means that there are no more updates."""
        raise NotImplementedError

    def _known_outcome(self) -> OutcomeT:
        if self._outcome is None:
            raise ConfigurationError("the wait has no outcome: it was closed or interrupted, or ended with an error; start a new wait")
        return self._outcome


class OneOutcome(WatchBase[Outcome]):
    """A wait for one image: the outcome is the last update."""

    __slots__ = ()

    def _end(self, update: Update | None) -> None:
        if isinstance(update, Outcome):
            self._outcome = update


class AllOutcomes(WatchBase[CombinedOutcome]):
    """A wait for several images: the combined outcome comes after the last update."""

    __slots__ = ()

    def _end(self, update: Update | None) -> None:
        combined = self._native.combined_outcome() if update is None else None
        if combined is not None:
            self._outcome = combined_from_native(combined)


def wait_options(options: dict[str, Any], known: Iterable[str]) -> tuple[str, dict[str, Any]]:
    """Return the policy of a wait as JSON, and its other options."""
    native = {"detail": False} | {name: options.pop(name) for name in _NATIVE_OPTIONS.keys() & options}
    return policy_json(options, known), taken(_NATIVE_OPTIONS, native, ())


def check_arguments(
    check: bool, on_update: object, options: Mapping[str, Any], known: type[WaitOptions] | type[WaitAllOptions]
) -> None:
    """Check the arguments of a wait that are not passed to the native module."""
    boolean("check", check)
    for name in options.keys() - known.__annotations__.keys():
        raise unexpected(name, ("check", "on_update", *known.__annotations__))
    check_callback(on_update)


def check_callback(on_update: object) -> None:
    """Check the function that is called with each update."""
    if on_update is not None and not (callable(on_update) and _takes_one(on_update)):
        raise mistyped("on_update", on_update, "a function that takes an update")


def _takes_one(function: Callable[..., object]) -> bool:
    """Return whether a function takes one argument, or may take one."""
    from inspect import signature

    try:
        signature(function).bind(None)
    except TypeError:
        return False
    except ValueError:  # A function in C may have no signature.
        pass
    return True


def is_coroutine_function(function: Any) -> bool:
    """Return whether a function or a callable object is asynchronous."""
    from inspect import iscoroutinefunction

    return iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None))


class Backoff:
    """The backoff between retries of a call for a baseline."""

    def __init__(self, retry_for: Duration) -> None:
        self._end = time.monotonic() + seconds("retry_for", retry_for)
        self._pause = 0.25

    def after(self, error: ApiError) -> float:
        """Return the backoff after an error, or raise the error if there is no time left."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise error
        self._pause = min(2 * self._pause, 8.0)
        return min(self._pause, left)

"""The blocking client."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from .. import _clanforge
from .base import AllOutcomes, ClientBase, OneOutcome, OutcomeT, Backoff, WatchBase, check_arguments
from .context_managers import ContextManager
from .._models.credentials import CredentialsProvider, blocking_provider
from .._generated.errors import ApiError
from .._generated.models import Baseline, CombinedOutcome, ImageRef, Outcome, RolloutOptions, Update, WaitAllOptions, WaitOptions
from .._generated.options import CallOptions, StatusOptions
from .._models.record import Duration, Self, Unpack, named_arguments
from .rollout import RolloutBase, check_deploy, check_deployed, failure
from .settings import Images, image_ids, log_level
from .._models.status import ImageStatus

__all__ = ["Client", "Rollout", "Watch", "WatchAll", "image_status"]


class _Watch(WatchBase[OutcomeT], ContextManager):
    __slots__ = ()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Update:
        return self._received(run(self._native.next(), self._provider), StopIteration)

    def outcome(self) -> OutcomeT:
        """Wait until the wait ends, and return the outcome. Later calls return it again.

        Raises:
            ConfigurationError: if the wait was closed or interrupted, or ended with an error that an earlier call raised.
        """
        for _ in self:
            pass
        return self._known_outcome()


class Watch(OneOutcome, _Watch[Outcome]):
    """The updates of a wait: readings and failed readings, then the outcome.

    An iterator and a context manager.
    """

    __slots__ = ()


class WatchAll(AllOutcomes, _Watch[CombinedOutcome]):
    """The updates of a wait for several images: readings and failed readings, and the outcome of each image that has one.

    An iterator and a context manager.
    """

    __slots__ = ()


class Rollout(RolloutBase["Client"]):
    """A rollout, as a ``with`` block or by `run`: see `Client.rollout`."""

    __slots__ = ()

    def run(self, deploy: Callable[[], object]) -> CombinedOutcome:
        """Take the baselines, call ``deploy``, which starts the rollout, and wait until every image is ready.

        With a ``state``, the file holds the baselines, whether ``deploy`` was called, and the wait. The same call in another
        process continues from there, and never calls ``deploy`` again.

        Args:
            deploy: A function without arguments, and not asynchronous. If it raises, there is no wait.

        Raises:
            BusyError: before ``deploy`` is called, if another rollout is running.
            DeployError: if the state says that ``deploy`` raised or was interrupted, unless ``assume_deployed=True``.
            NotReadyError: if not all images are ready.
            ClanforgeError: before ``deploy`` is called, if the rollout cannot begin, for example because the state file cannot
                be written.

        >>> with simulate("happy") as service, service.client() as client:
        ...     rollout = client.rollout([(1234, 5678)])
        ...     rollout.run(lambda: None).ready
        True
        """
        check_deploy(deploy, is_async=False)
        begun = self._begin(is_block=False)
        if not begun.is_deployed():
            begun.starting()
            try:
                check_deployed(deploy())
            except Exception as error:
                begun.ended(failure(error))
                raise
            begun.ended(None)
        return self._wait()

    def __enter__(self) -> Self:
        self._begin(is_block=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._wait()

    def _begin(self, *, is_block: bool) -> _clanforge.Rollout:
        return self._keep(run(self._call(is_block=is_block), self._client._provider))

    def _wait(self) -> CombinedOutcome:
        return self._end(_outcome(self._watch(), self._on_update))


class Client(ClientBase[Watch, WatchAll], ContextManager):
    """A blocking client of the service.

    A call blocks its thread, releases the GIL, and can be interrupted with Ctrl-C. Threads can share a client, and calls
    share its connections. A forked child process opens its own connections.

    Args:
        **settings: See `Settings`. Credentials that you do not pass come from ``CLANFORGE_ACCESS_KEY`` and
            ``CLANFORGE_SECRET_KEY``, or from ``CLANFORGE_TOKEN``. To read one from a file, append ``_FILE`` to the name of its
            variable. A base URL that you do not pass comes from ``CLANFORGE_BASE_URL``.

    Raises:
        ConfigurationError: if settings are invalid, or there are no credentials.

    >>> with simulate("happy") as service, service.client() as client:
    ...     client.image_status(1234, 5678).total_machines
    54
    """

    __slots__ = ()

    _is_async = False
    _watch = Watch
    _watch_all = WatchAll

    def image_status(
        self, account_service_id: int | ImageRef | None = None, image_id: int | None = None, **options: Unpack[StatusOptions]
    ) -> ImageStatus:
        """Return the status of an image.

        Args:
            account_service_id: The ID of the account service, or an `ImageRef` with both IDs. Defaults to
                ``CLANFORGE_ACCOUNT_SERVICE_ID``.
            image_id: The ID of the image.
            **options: See `StatusOptions`.

        Raises:
            ClanforgeError: if the call fails; each kind of error has a subclass, such as `AuthenticationError`.

        >>> with simulate("happy") as service, service.client() as client:
        ...     client.image_status(1234, 5678, detail=True).failed_regions()
        []
        """
        return ImageStatus._from_native(run(self._status_call(account_service_id, image_id, options), self._provider))

    def wait(
        self,
        account_service_id: int | ImageRef | None = None,
        image_id: int | None = None,
        *,
        check: bool = False,
        on_update: Callable[[Update], object] | None = None,
        **options: Unpack[WaitOptions],
    ) -> Outcome:
        """Wait until an image is ready, has failed, or the wait ends for another reason, and return the outcome.

        Args:
            account_service_id: The ID of the account service, or an `ImageRef` with both IDs. Defaults to
                ``CLANFORGE_ACCOUNT_SERVICE_ID``.
            image_id: The ID of the image.
            check: Raise a `NotReadyError` unless the outcome is ready, like the ``check`` of ``subprocess.run``.
            on_update: A function that is called with each update, the outcome included. An exception that it raises ends the
                wait, and reaches the caller.
            **options: See `WaitOptions`.

        Raises:
            NotReadyError: with ``check``, if the image is not ready.
            ClanforgeError: for a permanent error, such as rejected credentials, or if the service still returns
                HTTP 404 at the end of the start grace.

        >>> with simulate("failures-stay") as service, service.client() as client:
        ...     before = client.baseline(1234, 5678)
        ...     outcome = client.wait(1234, 5678, baseline=before)
        >>> outcome.kind, bool(outcome)
        ('failed', False)
        """
        check_arguments(check, on_update, options, WaitOptions)
        outcome = _outcome(self.watch(account_service_id, image_id, **options), on_update)
        return outcome.raise_for_status() if check else outcome

    @named_arguments
    def wait_all(
        self,
        images: Images,
        *,
        check: bool = False,
        on_update: Callable[[Update], object] | None = None,
        **options: Unpack[WaitAllOptions],
    ) -> CombinedOutcome:
        """Wait for several images at once, and return the outcome of each.

        Each image has a wait of its own, as with `wait`. All begin together and have one deadline. The first image that fails,
        by its outcome or by a permanent error, ends the wait unless ``fail_fast=False``: the others are then undecided.

        Args:
            images: The images: each an `ImageRef`, or a pair of an account service ID and an image ID.
            check: Raise a `NotReadyError` unless all images are ready.
            on_update: A function that is called with each update, which names its image. An exception that it raises ends the
                wait, and reaches the caller.
            **options: See `WaitAllOptions`.

        Raises:
            NotReadyError: with ``check``, if not all images are ready.
            ConfigurationError: if there are no images, an image occurs twice, or a baseline is of another image.

        >>> images = [(1234, 5678), (1234, 5679)]
        >>> with simulate("happy") as service, service.client() as client:
        ...     before = [client.baseline(*image) for image in images]
        ...     # deploy the new version here
        ...     outcome = client.wait_all(images, baselines=before)
        >>> outcome.ready, [each.outcome.kind for each in outcome.outcomes]
        (True, ['ready', 'ready'])
        """
        check_arguments(check, on_update, options, WaitAllOptions)
        outcome = _outcome(self.watch_all(images, **options), on_update)
        return outcome.raise_for_status() if check else outcome

    @named_arguments
    def rollout(
        self,
        images: ImageRef | Images,
        *,
        allow_busy: bool = False,
        assume_deployed: bool = False,
        on_update: Callable[[Update], object] | None = None,
        **options: Unpack[RolloutOptions],
    ) -> Rollout:
        """Return the rollout of one image or several: a ``with`` block in which you start it.

        Entering the block takes the baselines. Leaving it waits, as `wait_all` does, and raises unless every image is ready. If the
        block raises, there is no wait.

        For a rollout that survives its process, pass a ``state`` and a function instead of using the block:
        ``client.rollout(images, state="rollout.json").run(deploy)``. Another process then continues it without starting it again.
        See `Rollout.run`.

        Args:
            images: The image, or several: see `wait_all`.
            allow_busy: Begin even if at least half of the machines of an image are pending, as during another rollout. If fewer
                are pending, the client logs a warning.
            assume_deployed: Wait even if the state says that starting the rollout failed or was interrupted.
            on_update: A function that is called with each update of the wait. An exception that it raises ends the wait, and
                reaches the caller.
            **options: See `RolloutOptions`.

        Raises:
            BusyError: on entering the block, if another rollout is running.
            NotReadyError: on leaving the block, if not all images are ready.
            ClanforgeError: on entering the block, if a baseline cannot be taken.

        >>> with simulate("happy") as service, service.client() as client:
        ...     with client.rollout([(1234, 5678), (1234, 5679)]) as rollout:
        ...         pass  # deploy the new version here
        >>> [str(each.outcome) for each in rollout.outcome.outcomes]
        ['ready: 54 of 54 machines completed, 0 pending, 0 failed', 'ready: 54 of 54 machines completed, 0 pending, 0 failed']
        """
        return Rollout(self, images, allow_busy, assume_deployed, on_update, options)

    def baseline(
        self,
        account_service_id: int | ImageRef | None = None,
        image_id: int | None = None,
        *,
        retry_for: Duration = 0,
        **options: Unpack[CallOptions],
    ) -> Baseline:
        """Return the status with detail. Take it before you start a rollout, and pass it to `wait` afterwards.

        If the baseline has no machines, or pending machines as during a rollout, the client logs a warning.

        Args:
            account_service_id: See `image_status`.
            image_id: See `image_status`.
            retry_for: How long to retry after an `ApiError`, such as "image locked by …", in seconds or as a ``timedelta``.
                Defaults to 0: the first one is raised.
            **options: See `CallOptions`.

        Raises:
            ClanforgeError: if the call fails.

        >>> with simulate("happy") as service, service.client() as client:
        ...     client.baseline(1234, 5678).status.has_detail
        True
        """
        image = ImageRef(*image_ids(account_service_id, image_id))
        backoff = Backoff(retry_for)
        while True:
            taken_at = _clanforge.now()
            try:
                return self._baseline(image, self.image_status(image, detail=True, **options), taken_at)
            except ApiError as error:
                pause = backoff.after(error)
            time.sleep(pause)


def image_status(
    account_service_id: int | ImageRef | None = None, image_id: int | None = None, **options: Unpack[StatusOptions]
) -> ImageStatus:
    """Return the status of an image, with credentials from the environment. For several calls, create a `Client`."""
    with Client() as client:
        return client.image_status(account_service_id, image_id, **options)


def _outcome(updates: _Watch[OutcomeT], on_update: Callable[[Update], object] | None) -> OutcomeT:
    """Call the function with each update of a wait, close the wait, and return its outcome."""
    with updates:
        for update in updates:
            if on_update is not None:
                on_update(update)
        return updates.outcome()


def run(call: _clanforge.Call, provider: CredentialsProvider | None) -> Any:
    """Run a call on this thread, and return its result."""
    return call.run(log_level(), blocking_provider(provider))

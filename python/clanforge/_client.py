"""The blocking client."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from . import _clanforge
from ._context_managers import ContextManager
from ._credentials import blocking_provider
from ._generated.models import Baseline, ImageRef, Outcome, Update, WaitOptions
from ._generated.options import Settings
from ._record import Duration, Unpack, optional_retries, seconds
from ._settings import log_level, merge_settings, native_baseline, policy_json, settings_json, update_from_native
from ._status import ImageStatus
from .errors import ConfigurationError

__all__ = ["Client", "Watch", "image_status"]

_W = TypeVar("_W", bound="Watch")


class Client(ContextManager):
    """A blocking client of the service.

    A call blocks its thread, releases the GIL, and can be interrupted with Ctrl-C. Threads can share a client, and calls
    share its connections. A forked child opens its own connections.

    Args:
        **settings: See `Settings`. Credentials and base URL that you do not set come from ``CLANFORGE_ACCESS_KEY`` and
            ``CLANFORGE_SECRET_KEY`` (see ``CLANFORGE_AUTH_SCHEME``), or ``CLANFORGE_TOKEN``, and from ``CLANFORGE_BASE_URL``.

    Raises:
        ConfigurationError: where settings are invalid, or there are no credentials.

    >>> with simulate("happy") as service, service.client() as client:
    ...     client.image_status(1234, 5678).total_machines
    54
    """

    __slots__ = ("_native", "_provider", "_settings")

    def __init__(self, **settings: Unpack[Settings]) -> None:
        self._settings = settings
        self._provider = blocking_provider(settings.get("credentials_provider"))
        self._native = _clanforge.Client(settings_json(settings), False)

    def image_status(
        self,
        account_service_id: int,
        image_id: int,
        *,
        detail: bool = False,
        timeout: Duration | None = None,
        retries: int | None = None,
    ) -> ImageStatus:
        """Return the status of an image.

        Args:
            account_service_id: The ID of the account service.
            image_id: The ID of the image.
            detail: Request the counts of each fleet and region as well.
            timeout: The timeout of the call, in seconds or as ``timedelta``. Defaults to that of the client.
            retries: The maximum number of retries. Defaults to that of the client.

        Raises:
            ClanforgeError: of the subclass of its kind.

        >>> with simulate("happy") as service, service.client() as client:
        ...     client.image_status(1234, 5678, detail=True).failed_regions()
        []
        """
        call = self._native.image_status(*call_arguments(account_service_id, image_id, detail, timeout, retries))
        return ImageStatus._from_native(call.run(log_level(), self._provider))

    def wait(
        self,
        account_service_id: int,
        image_id: int,
        *,
        baseline: Baseline | None = None,
        detail: bool = False,
        seed: int | None = None,
        **options: Unpack[WaitOptions],
    ) -> Outcome:
        """Wait until an image is ready, has failed, or the wait ends for another reason, and return the outcome.

        Args:
            account_service_id: The ID of the account service.
            image_id: The ID of the image.
            baseline: The status before the rollout, as `baseline` returns it. With it, the wait tells the counts of the new
                version from those of the old one; without it, the freshness of the outcome may be ``"assumed"``.
            detail: Request the counts of each fleet and region even where the gate does not need them.
            seed: The seed of the poll intervals' jitter, to make them reproducible.
            **options: See `WaitOptions`.

        Raises:
            ClanforgeError: for a permanent error, such as rejected credentials or an unknown image.

        >>> with simulate("failures-stay", speed=120) as service, service.client() as client:
        ...     before = client.baseline(1234, 5678)
        ...     outcome = client.wait(1234, 5678, baseline=before, settle=1, min_interval=0.05, max_interval=0.2)
        >>> outcome.kind, bool(outcome)
        ('failed', False)
        """
        with self.watch(
            account_service_id, image_id, baseline=baseline, detail=detail, seed=seed, **options
        ) as updates:
            return updates.outcome()

    def watch(
        self,
        account_service_id: int,
        image_id: int,
        *,
        baseline: Baseline | None = None,
        detail: bool = False,
        seed: int | None = None,
        **options: Unpack[WaitOptions],
    ) -> Watch:
        """Start a wait as `wait` does, and return an iterator of its updates; the last is the outcome.

        Leaving the ``with`` block ends the wait, and closes its connection.

        >>> with simulate("happy") as service, service.client() as client, client.watch(1234, 5678) as updates:
        ...     next(updates).update
        'reading'
        """
        image = ImageRef(account_service_id, image_id)
        native = self._native.watch(image._ids, policy_json(options), native_baseline(baseline), detail, seed)
        return Watch(native, self._provider)

    def baseline(self, account_service_id: int, image_id: int) -> Baseline:
        """Return the status with detail. Take it before you start a rollout, and pass it to `wait` afterwards.

        >>> with simulate("happy") as service, service.client() as client:
        ...     client.baseline(1234, 5678).status.has_detail
        True
        """
        status = self.image_status(account_service_id, image_id, detail=True)
        return Baseline(ImageRef(account_service_id, image_id), status)

    def with_options(self, **settings: Unpack[Settings]) -> Client:
        """Return a client with some settings changed, and its own connections."""
        return Client(**merge_settings(self._settings, settings))

    def close(self) -> None:
        """Close the connections. Later calls raise a `ConfigurationError`."""
        self._native.close()

    def __repr__(self) -> str:
        return f"<clanforge.Client for {self._native.origin()}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("cannot pickle a client: it holds credentials and connections")


class Watch(ContextManager):
    """The updates of a wait: readings and failed readings, then the outcome.

    An iterator and a context manager.
    """

    __slots__ = ("_native", "_outcome", "_provider")

    def __init__(self, native: _clanforge.Watch, provider: Callable[[], str] | None) -> None:
        self._native = native
        self._provider = provider
        self._outcome: Outcome | None = None

    def __iter__(self: _W) -> _W:
        return self

    def __next__(self) -> Update:
        encoded = self._native.next().run(log_level(), self._provider)
        if encoded is None:
            raise StopIteration
        update = update_from_native(encoded)
        if isinstance(update, Outcome):
            self._outcome = update
        return update

    def outcome(self) -> Outcome:
        """Wait until the wait ends, and return the outcome. Later calls return it again.

        Raises:
            ConfigurationError: where the wait was closed or abandoned before.
        """
        if self._outcome is None:
            for _ in self:
                pass
        if self._outcome is None:
            raise no_outcome()
        return self._outcome

    def close(self) -> None:
        """End the wait, and close its connection."""
        self._native.close()


def image_status(
    account_service_id: int,
    image_id: int,
    *,
    detail: bool = False,
    timeout: Duration | None = None,
    retries: int | None = None,
) -> ImageStatus:
    """Return the status of an image, with credentials from the environment. For several calls, create a `Client`."""
    with Client() as client:
        return client.image_status(account_service_id, image_id, detail=detail, timeout=timeout, retries=retries)


def call_arguments(
    account_service_id: int, image_id: int, detail: bool, timeout: Duration | None, retries: int | None
) -> tuple[tuple[int, int], bool, float | None, int | None]:
    """Return the checked arguments of a call for a status."""
    limit = None if timeout is None else seconds("timeout", timeout)
    return (ImageRef(account_service_id, image_id)._ids, detail, limit, optional_retries("retries", retries))


def no_outcome() -> ConfigurationError:
    return ConfigurationError("the wait was closed or abandoned, and has no outcome: start a new wait")

"""The blocking client."""

from __future__ import annotations

from typing import Any, TypeVar

from . import _clanforge
from ._client_base import ClientBase, WatchBase
from ._context_managers import ContextManager
from ._credentials import CredentialsProvider, blocking_provider
from ._generated.models import Baseline, ImageRef, Outcome, Update, WaitOptions
from ._record import Duration, Unpack
from ._settings import log_level
from ._status import ImageStatus

__all__ = ["Client", "Watch", "image_status"]

_W = TypeVar("_W", bound="Watch")


class Watch(WatchBase, ContextManager):
    """The updates of a wait: readings and failed readings, then the outcome.

    An iterator and a context manager.
    """

    __slots__ = ()

    def __iter__(self: _W) -> _W:
        return self

    def __next__(self) -> Update:
        return self._received(run(self._native.next(), self._provider), StopIteration)

    def outcome(self) -> Outcome:
        """Wait until the wait ends, and return the outcome. Later calls return it again.

        Raises:
            ConfigurationError: where the wait was closed or abandoned before.
        """
        if self._outcome is None:
            for _ in self:
                pass
        return self._known_outcome()

    def close(self) -> None:
        """End the wait, and close its connection."""
        self._native.close()


class Client(ClientBase[Watch], ContextManager):
    """A blocking client of the service.

    A call blocks its thread, releases the GIL, and can be interrupted with Ctrl-C. Threads can share a client, and calls
    share its connections. A forked child opens its own connections.

    Args:
        **settings: See `Settings`. Credentials and base URL that you do not set come from ``CLANFORGE_ACCESS_KEY`` and
            ``CLANFORGE_SECRET_KEY`` (see ``CLANFORGE_AUTH_SCHEME``), or ``CLANFORGE_TOKEN``, or from the files that the same
            names with ``_FILE`` name, and from ``CLANFORGE_BASE_URL``.

    Raises:
        ConfigurationError: where settings are invalid, or there are no credentials.

    >>> with simulate("happy") as service, service.client() as client:
    ...     client.image_status(1234, 5678).total_machines
    54
    """

    __slots__ = ()

    _is_async = False
    _watch = Watch

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
        call = self._status_call(account_service_id, image_id, detail, timeout, retries)
        return ImageStatus._from_native(run(call, self._provider))

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

    def baseline(self, account_service_id: int, image_id: int) -> Baseline:
        """Return the status with detail. Take it before you start a rollout, and pass it to `wait` afterwards.

        A baseline without machines, or with pending machines as during a rollout, is logged as a warning.

        >>> with simulate("happy") as service, service.client() as client:
        ...     client.baseline(1234, 5678).status.has_detail
        True
        """
        taken_at = _clanforge.now()
        status = self.image_status(account_service_id, image_id, detail=True)
        return self._baseline(account_service_id, image_id, status, taken_at)

    def close(self) -> None:
        """Close the connections. Later calls raise a `ConfigurationError`."""
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


def run(call: _clanforge.Call, provider: CredentialsProvider | None) -> Any:
    """Run a call on this thread, and return its result."""
    return call.run(log_level(), blocking_provider(provider))

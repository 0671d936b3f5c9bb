"""The blocking client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _clanforge
from ._closing import Closing
from ._credentials import blocking
from ._models import ImageRef, ImageStatus
from ._settings import Settings, log_level, native, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self, Unpack

    from ._policy import Baseline, WaitOptions
    from ._settings import Duration
    from ._updates import Outcome, Update

__all__ = ["Client", "Watch", "image_status"]


class Client(Closing):
    """Asks the service for image statuses, blocking the thread that calls.

    Threads may use one client at the same time; connections are kept and shared. Other threads run on while a call waits,
    and Ctrl-C ends it. A child by fork makes connections of its own.

    Args:
        **settings: See `Settings`. Credentials and address that are not given come from ``CLANFORGE_ACCESS_KEY`` and
            ``CLANFORGE_SECRET_KEY`` (by ``CLANFORGE_AUTH_SCHEME``), or ``CLANFORGE_TOKEN``, and from ``CLANFORGE_BASE_URL``.

    Raises:
        ConfigurationError: where they cannot be used, or there are no credentials.

    >>> with simulate("happy") as service, service.client() as client:
    ...     client.image_status(1234, 5678).total_machines
    54
    """

    __slots__ = ("_native", "_provider", "_settings")

    def __init__(self, **settings: Unpack[Settings]) -> None:
        self._settings = settings
        self._provider = blocking(settings.get("credentials_provider"))
        self._native = _clanforge.Client(native(settings), False)

    def image_status(
        self,
        account_service_id: int,
        image_id: int,
        *,
        detail: bool = False,
        timeout: Duration | None = None,
        retries: int | None = None,
    ) -> ImageStatus:
        """Return how far an image is.

        Args:
            account_service_id: The id of the account service.
            image_id: The id of the image.
            detail: Ask for the counts of each fleet and region as well.
            timeout: How long the call may take, in seconds or as ``timedelta``; the client's by default.
            retries: How many more attempts may follow a failed one; the client's by default.

        Raises:
            ClanforgeError: one of its subclasses, by kind.

        >>> with simulate("happy") as service, service.client() as client:
        ...     client.image_status(1234, 5678, detail=True).failed_regions
        []
        """
        image = ImageRef(account_service_id, image_id)
        limit = None if timeout is None else seconds("timeout", timeout)
        return ImageStatus._of(
            self._native.image_status(
                image._ids, detail, limit, retries, log_level(), self._provider
            )
        )

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
        """Wait until an image is ready by a gate, has failed, or is no longer worth waiting for, and return how it ended.

        Args:
            account_service_id: The id of the account service.
            image_id: The id of the image.
            baseline: A status from before the rollout, as `baseline` returns it: it tells the new version's counts from
                the old one's. Without one an outcome may be ``"assumed"``.
            detail: Ask for the counts of each fleet and region also where the gate does not need them.
            seed: Draw the pauses by this seed, so that they are the same each time.
            **options: See `WaitOptions`.

        Raises:
            ClanforgeError: where no repetition mends it: credentials that are refused, or an unknown image.

        >>> with simulate("failures-stay", speed=600) as service, service.client() as client:
        ...     before = client.baseline(1234, 5678)
        ...     outcome = client.wait(1234, 5678, baseline=before, min_interval=0.05, max_interval=0.2)
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
        """Wait as `wait` does, and return an iterator of what happens meanwhile; its last item is the outcome.

        Leaving a ``with`` block of it ends the waiting, and closes its connection.

        >>> with simulate("happy") as service, service.client() as client, client.watch(1234, 5678) as updates:
        ...     next(updates).update
        'reading'
        """
        from ._policy import native_baseline, policy

        image = ImageRef(account_service_id, image_id)
        return Watch(
            self._native.watch(
                image._ids, policy(options), native_baseline(baseline), detail, seed
            ),
            self._provider,
        )

    def baseline(self, account_service_id: int, image_id: int) -> Baseline:
        """Return the status, with detail, to be taken before a rollout is started and given to `wait` afterwards.

        >>> with simulate("happy") as service, service.client() as client:
        ...     client.baseline(1234, 5678).status.has_detail
        True
        """
        from ._policy import Baseline

        status = self.image_status(account_service_id, image_id, detail=True)
        return Baseline(ImageRef(account_service_id, image_id), status)

    def with_options(self, **settings: Unpack[Settings]) -> Client:
        """Return a client with some settings changed; the connections are its own."""
        return Client(**merged(self._settings, settings))

    def close(self) -> None:
        """Give the connections up. A call after that is a `ConfigurationError`."""
        self._native.close()

    def __repr__(self) -> str:
        return f"<clanforge.Client of {described(self._settings)}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a client holds credentials and connections: it cannot be pickled")


class Watch(Closing):
    """The updates of a wait, one after another: readings and failed readings, and last the outcome.

    An iterator and a context manager.
    """

    __slots__ = ("_native", "_outcome", "_provider")

    def __init__(self, native: _clanforge.Watch, provider: Callable[[], str] | None) -> None:
        self._native = native
        self._provider = provider
        self._outcome: Outcome | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Update:
        from ._updates import Outcome, update_of

        told = self._native.next(log_level(), self._provider)
        if told is None:
            raise StopIteration
        update = update_of(told)
        if isinstance(update, Outcome):
            self._outcome = update
        return update

    def outcome(self) -> Outcome:
        """Wait to the end, and return the outcome; after the end, return it again.

        Raises:
            ConfigurationError: where the wait was closed or given up before.
        """
        if self._outcome is None:
            for _ in self:
                pass
        if self._outcome is None:
            from ._updates import no_outcome

            raise no_outcome()
        return self._outcome

    def close(self) -> None:
        """End the waiting, and close its connection."""
        self._native.close()


def image_status(
    account_service_id: int,
    image_id: int,
    *,
    detail: bool = False,
    timeout: Duration | None = None,
    retries: int | None = None,
) -> ImageStatus:
    """Return how far an image is, with credentials from the environment: `Client.image_status` for a single call."""
    with Client() as client:
        return client.image_status(account_service_id, image_id, detail=detail, timeout=timeout, retries=retries)


def described(settings: Settings) -> str:
    """Return what may be shown of a client's settings: its address without user, query or secret."""
    from urllib.parse import urlsplit

    address = settings.get("base_url")
    if address is None:
        return "the service"
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def merged(settings: Settings, changed: Settings) -> Settings:
    """Return settings with some changed; credentials of one kind replace those of the other."""
    kinds = (("token",), ("access_key", "secret_key"), ("credentials_provider",))
    given = [kind for kind in kinds if any(changed.get(name) is not None for name in kind)]
    replaced = {name for kind in kinds if given and kind not in given for name in kind}
    kept = {name: value for name, value in settings.items() if name not in replaced}
    return Settings(**{**kept, **changed})  # type: ignore[typeddict-item]

"""The service, played within the process over real HTTP: for the tests of scripts that use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _clanforge
from ._client import Client, merged
from ._closing import Closing

if TYPE_CHECKING:
    import os

    from typing_extensions import Unpack

    from ._settings import Settings
    from .aio import AsyncClient

__all__ = ["Simulation", "scenarios", "simulate"]


class Simulation(Closing):
    """A simulator that plays until it is closed: a context manager.

    Attributes:
        url: Its address.
        access_key: The access key that it accepts.
        secret_key: The secret key that it accepts.
        token: The bearer token that it accepts.
    """

    __slots__ = ("_native", "access_key", "secret_key", "token", "url")

    def __init__(self, native: _clanforge.Simulator) -> None:
        self._native = native
        self.url, self.access_key, self.secret_key, self.token = native.access()

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point a client, or the command, at it."""
        return {
            "CLANFORGE_BASE_URL": self.url,
            "CLANFORGE_ACCESS_KEY": self.access_key,
            "CLANFORGE_SECRET_KEY": self.secret_key,
        }

    @property
    def requests(self) -> int:
        """How many requests have come."""
        return self._native.requests()

    @property
    def open_connections(self) -> int:
        """How many connections are open."""
        return self._native.open_connections()

    @property
    def rollout_seconds(self) -> float:
        """How far the rollout is, in seconds of its own time; its clock starts with the first request."""
        return self._native.rollout_seconds()

    def client(self, **settings: Unpack[Settings]) -> Client:
        """Return a client of it."""
        return Client(**self._settings(settings))

    def async_client(self, **settings: Unpack[Settings]) -> AsyncClient:
        """Return an asynchronous client of it."""
        from .aio import AsyncClient

        return AsyncClient(**self._settings(settings))

    def _settings(self, changed: Settings) -> Settings:
        ours: Settings = {"base_url": self.url, "access_key": self.access_key, "secret_key": self.secret_key}
        return merged(ours, changed)

    def close(self) -> None:
        """Stop playing."""
        self._native.close()

    def __repr__(self) -> str:
        return f"<clanforge.Simulation at {self.url}>"


def simulate(
    scenario: str | os.PathLike[str] = "happy",
    *,
    speed: float = 1.0,
    port: int = 0,
    account_service_id: int | None = None,
    image_id: int | None = None,
) -> Simulation:
    """Play the service on a loopback port until the simulation is closed.

    >>> with simulate("stragglers", speed=60) as service:
    ...     service.client().image_status(1234, 5678).total_machines
    56

    Args:
        scenario: The name of a scenario that ships, see `scenarios`, or the path of a scenario file.
        speed: How many times faster than the clock the rollout runs.
        port: The port on 127.0.0.1; 0 lets the system choose one.
        account_service_id: The only account service that is known; every one by default.
        image_id: The only image that is known; every one by default.

    Raises:
        ConfigurationError: where the scenario or the speed cannot be played, or the port cannot be had.
    """
    return Simulation(_clanforge.Simulator(str(scenario), float(speed), port, account_service_id, image_id))


def scenarios() -> dict[str, str]:
    """Return the scenarios that ship: what each shows, by its name."""
    return dict(_clanforge.scenarios())

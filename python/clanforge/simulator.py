"""The simulator: a fake of the service over real HTTP, inside the process, to test your scripts against."""

from __future__ import annotations

from os import PathLike

import clanforge

from . import _clanforge
from ._client import Client
from ._context_managers import ContextManager
from ._generated.options import Settings
from ._record import Unpack
from ._settings import merge_settings

__all__ = ["Simulation", "scenarios", "simulate"]


class Simulation(ContextManager):
    """A simulator that runs until it is closed. A context manager.

    Attributes:
        url: The base URL.
        access_key: The access key that it accepts.
        secret_key: The secret key that it accepts.
        token: The bearer token that it accepts.
    """

    __slots__ = ("_native", "access_key", "secret_key", "token", "url")

    def __init__(self, native: _clanforge.Simulator) -> None:
        self._native: _clanforge.Simulator = native
        access: tuple[str, str, str, str] = native.access()
        self.url: str = access[0]
        self.access_key: str = access[1]
        self.secret_key: str = access[2]
        self.token: str = access[3]

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point a client or the command at the simulator."""
        return {
            "CLANFORGE_BASE_URL": self.url,
            "CLANFORGE_ACCESS_KEY": self.access_key,
            "CLANFORGE_SECRET_KEY": self.secret_key,
        }

    @property
    def requests(self) -> int:
        """The number of requests received."""
        return self._native.observe()[0]

    @property
    def open_connections(self) -> int:
        """The number of open connections."""
        return self._native.observe()[1]

    @property
    def rollout_seconds(self) -> float:
        """The elapsed time of the rollout, in seconds. Its clock starts with the first request."""
        return self._native.observe()[2]

    def client(self, **settings: Unpack[Settings]) -> Client:
        """Return a client for the simulator."""
        return Client(**self._settings(settings))

    def async_client(self, **settings: Unpack[Settings]) -> clanforge.AsyncClient:
        """Return an asynchronous client for the simulator."""
        from .aio import AsyncClient

        return AsyncClient(**self._settings(settings))

    def _settings(self, changed: Settings) -> Settings:
        return merge_settings({"base_url": self.url, "access_key": self.access_key, "secret_key": self.secret_key}, changed)

    def close(self) -> None:
        """Stop the simulator."""
        self._native.close()

    def __repr__(self) -> str:
        return f"<clanforge.Simulation at {self.url}>"


def simulate(
    scenario: str | PathLike[str] = "happy",
    *,
    speed: float = 1.0,
    port: int = 0,
    account_service_id: int | None = None,
    image_id: int | None = None,
) -> Simulation:
    """Start a simulator on a loopback port. It runs until the simulation is closed.

    >>> with simulate("stragglers", speed=60) as service:
    ...     service.client().image_status(1234, 5678).total_machines
    56

    Args:
        scenario: The name of a built-in scenario (see `scenarios`), or the path of a scenario file.
        speed: The speed of the rollout, as a multiple of real time.
        port: The port on 127.0.0.1; with 0, the system chooses a free port.
        account_service_id: The only account service that exists. By default, every ID exists.
        image_id: The only image that exists. By default, every ID exists.

    Raises:
        ConfigurationError: where the scenario or the speed is invalid, or the port is not available.
    """
    return Simulation(_clanforge.Simulator(str(scenario), float(speed), port, account_service_id, image_id))


def scenarios() -> dict[str, str]:
    """Return the description of each built-in scenario, by its name."""
    return dict(_clanforge.scenarios())

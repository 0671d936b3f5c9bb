"""The simulator: a fake service in your process that serves real HTTP, to test your scripts against."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike, fspath
from typing import Any

import clanforge

from . import _clanforge
from ._clients.settings import image_ids, merge_settings
from ._generated.client import Client, ContextManager
from ._generated.models import ImageRef
from ._generated.options import SIMULATE_OPTIONS, Settings
from ._generated.simulation import ReceivedRequest, SimulationMethods
from ._models.record import Codec, Unpack, dumps, integer, loads, mistyped, named_arguments, taken

__all__ = ["ReceivedRequest", "Simulation", "scenarios", "simulate"]

#: The name of a built-in scenario, the path of a scenario file, or a scenario as a `dict`.
Scenario = str | PathLike[str] | Mapping[str, Any]


def _scenario(name: str, value: Any) -> str | dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (str, PathLike)):
        return fspath(value)
    raise mistyped(name, value, "the name of a built-in scenario, the path of a scenario file, or a dictionary")


def _images(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise mistyped(name, value, "a dictionary of scenarios by image ID")
    return {str(_id("image_id", image)): _scenario(name, each) for image, each in value.items()}


_id = integer(0, 2**64 - 1)

_OPTIONS = {"scenario": Codec("scenario", take=_scenario), "images": Codec("images", take=_images), **SIMULATE_OPTIONS}


class Simulation(SimulationMethods, ContextManager):
    """A simulator, which `simulate` starts and which runs until it is closed. A context manager.

    Attributes:
        token: The bearer token that it accepts.
        environment: The environment variables that make a client or the command use the simulator. With them, or in this process,
            a wait does not sleep: it advances the clock of the simulation instead.
    """

    __slots__ = ("_native", "environment", "token")

    def __init__(self, native: _clanforge.Simulator) -> None:
        self._native: _clanforge.Simulator = native
        self.environment: dict[str, str] = native.environment()
        self.token: str = native.token()
        super().__init__(self.environment)

    @property
    def received(self) -> list[ReceivedRequest]:
        """The last 1,000 requests, the oldest first."""
        return [ReceivedRequest(**request) for request in self._control("GET", "/requests")]

    def _control(self, method: str, path: str, **parameters: float | None) -> Any:
        query = "&".join(f"{name}={value!r}" for name, value in parameters.items() if value is not None)
        return loads(self._native.control(method, f"{path}?{query}" if query else path))

    @named_arguments
    def client(self, **settings: Unpack[Settings]) -> Client:
        """Return a client for the simulator, whose waits skip time."""
        return Client(**self._settings(settings))

    @named_arguments
    def async_client(self, **settings: Unpack[Settings]) -> clanforge.AsyncClient:
        """Return an asynchronous client for the simulator, whose waits skip time."""
        from .aio import AsyncClient

        return AsyncClient(**self._settings(settings))

    def _settings(self, changed: Settings) -> Settings:
        return merge_settings({"base_url": self.url, "access_key": self.access_key, "secret_key": self.secret_key}, changed)

    def __repr__(self) -> str:
        return f"<clanforge.Simulation at {self.url}>"


@named_arguments
def simulate(
    scenario: Scenario = "happy",
    *,
    images: Mapping[int, Scenario] | None = None,
    recording: str | PathLike[str] | None = None,
    speed: float | None = None,
    port: int = 0,
    account_service_id: int | ImageRef | None = None,
    image_id: int | None = None,
) -> Simulation:
    """Start a simulator on a loopback port. It runs until the simulation is closed.

    Its clock runs in real time until one of these moves it: a wait in this process, a wait in a process that has the variables of
    `Simulation.environment`, or a method of the simulation. From then on, only these move it.

    >>> with simulate("stragglers") as service:
    ...     service.client().image_status(1234, 5678).total_machines
    56

    Args:
        scenario: The name of a built-in scenario (see `scenarios`), the path of a scenario file, or a scenario as a `dict`.
        images: Other scenarios, by the ID of the image that has them.
        recording: A file with recorded waits to serve instead of a scenario, each for its image.
        speed: How many times faster than real time the clock runs. A wait then takes its simulated time divided by this; by
            default, it takes no time.
        port: The port on 127.0.0.1; with 0, the system chooses a free port.
        account_service_id: The only account service that exists, or an `ImageRef` for it and the image. By default, every ID
            exists.
        image_id: The only image that exists. By default, every ID exists.

    Raises:
        ConfigurationError: if a scenario or the speed is invalid, or the port is not available.
    """
    # Every argument is an option.
    options = {**{name: value for name, value in locals().items() if name in _OPTIONS}, "images": {} if images is None else images}
    if isinstance(account_service_id, ImageRef):
        options["account_service_id"], options["image_id"] = image_ids(account_service_id, image_id)
    return Simulation(_clanforge.Simulator(dumps(taken(_OPTIONS, options))))


def scenarios() -> dict[str, str]:
    """Return the description of each built-in scenario, by its name."""
    return dict(_clanforge.scenarios())

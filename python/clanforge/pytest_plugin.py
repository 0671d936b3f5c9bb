"""A pytest plugin for tests of deploy scripts.

The fixture ``clanforge_service`` is a `Simulation`, and sets its environment variables for the test: clients and commands that
read them send their requests to the simulation, and their waits do not sleep.

    @pytest.mark.clanforge("failures-stay", fail_next=2)
    def test_a_failed_rollout_is_not_released(clanforge_service):
        assert release() == 1

The marker takes the arguments of `simulate`. It also takes ``fail_next`` and ``outage``: the arguments with which these methods of
the `Simulation` are called before the test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .simulator import Simulation


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "clanforge(scenario='happy', *, fail_next=0, outage=0, **options): the scenario and the faults that `clanforge_service` serves",
    )


@pytest.fixture
def clanforge_service(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulation]:
    """A simulation of the service, with the environment variables that point clients at it."""
    from ._models.record import argument_names, check_names, integer, seconds
    from .simulator import simulate

    marker = request.node.get_closest_marker("clanforge")
    scenario, options = (marker.args, dict(marker.kwargs)) if marker else ((), {})
    check_names(options, *argument_names(simulate), "fail_next", "outage")
    fail_next = integer(0, 2**32 - 1)("fail_next", options.pop("fail_next", 0))
    outage = seconds("outage", options.pop("outage", 0))
    with simulate(*scenario, **options) as service:
        for name in [name for name in os.environ if name.startswith("CLANFORGE_")]:
            monkeypatch.delenv(name)
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        if fail_next:
            service.fail_next(fail_next)
        if outage:
            service.outage(outage)
        yield service

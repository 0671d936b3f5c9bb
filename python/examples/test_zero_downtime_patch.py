"""Tests zero_downtime_patch.py, unchanged and with its own policy, in simulated time.

    pytest test_zero_downtime_patch.py
"""

from __future__ import annotations

import pytest
import zero_downtime_patch

import clanforge

STALLED = {
    "description": "One region makes no progress",
    "rollout": {"packaging": "1m", "install": {"median": "4m"}},
    "fleets": [
        {
            "id": "fleet",
            "regions": [
                {"id": "europe", "name": "Europe", "machines": 20},
                {"id": "asia", "name": "Asia", "machines": 10, "install": {"median": "10h"}},
            ],
        }
    ],
}


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls of `switch`: none if players were not sent to the new version."""
    calls: list[str] = []
    monkeypatch.setattr(zero_downtime_patch, "switch", lambda: calls.append("switch"))
    return calls


def test_players_are_sent_to_a_version_that_is_ready(
    clanforge_service: clanforge.Simulation, released: list[str]
) -> None:
    assert (zero_downtime_patch.main(1, 2), released) == (0, ["switch"])


@pytest.mark.clanforge("failures-stay")
def test_a_failed_rollout_is_not_released(clanforge_service: clanforge.Simulation, released: list[str]) -> None:
    assert (zero_downtime_patch.main(1, 2), released) == (1, [])


@pytest.mark.clanforge("never-starts", fail_next=1)
def test_a_rollout_that_never_starts_is_not_released(
    clanforge_service: clanforge.Simulation, released: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (zero_downtime_patch.main(1, 2), released) == (6, [])
    assert "not started" in capsys.readouterr().out


@pytest.mark.clanforge(STALLED)
def test_a_rollout_that_stalls_is_not_released(
    clanforge_service: clanforge.Simulation, released: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert (zero_downtime_patch.main(1, 2), released) == (3, [])
    assert "stalled" in capsys.readouterr().out


def test_a_service_that_is_down_after_the_deployment_releases_nothing(
    clanforge_service: clanforge.Simulation,
    released: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(zero_downtime_patch, "deploy", lambda: clanforge_service.outage(3600))
    assert (zero_downtime_patch.main(1, 2), released) == (5, [])
    assert "unreachable" in capsys.readouterr().out

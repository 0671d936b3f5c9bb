"""The command `clanforge`, as the package installs it."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from teamcity.messages import TeamcityServiceMessages

import clanforge

SCRIPT = Path(sysconfig.get_path("scripts")) / ("clanforge.exe" if sys.platform == "win32" else "clanforge")
COMMANDS = {"clanforge": [str(SCRIPT)], "python -m clanforge": [sys.executable, "-m", "clanforge"]}


@pytest.fixture(params=COMMANDS.values(), ids=COMMANDS)
def command(request: pytest.FixtureRequest) -> list[str]:
    command: list[str] = request.param
    return command


def run(service: clanforge.Simulation, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **service.environment}
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_the_command_has_the_version_of_the_package(command: list[str], service: clanforge.Simulation) -> None:
    assert run(service, *command, "--version").stdout == f"clanforge {clanforge.__version__}\n"


def test_the_exit_code_tells_the_verdict(command: list[str], service: clanforge.Simulation) -> None:
    ready = run(service, *command, "check", "--asid", "1", "--image", "2")
    assert (ready.returncode, ready.stderr) == (0, "")
    wrong = run(service, *command, "check", "--asid", "x", "--image", "2")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_command_with_its_exit_code(command: list[str], sent: signal.Signals, code: int) -> None:
    # Would last 15 minutes.
    words = [*command, "wait", "--asid", "1", "--image", "2", "--require-fresh", "--progress", "plain"]
    with (
        clanforge.simulate("happy", speed=1) as service,
        subprocess.Popen(
            words, env={**os.environ, **service.environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stderr is not None
        assert process.stderr.readline()
        process.send_signal(sent)
        _, stderr = process.communicate(timeout=300)
    assert process.returncode == code
    assert "Traceback" not in stderr


def test_a_closed_stdout_is_not_an_error(command: list[str], service: clanforge.Simulation) -> None:
    environment = {**os.environ, **service.environment}
    words = [*command, "wait", "--help"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        stderr = process.stderr.read()
    assert "Traceback" not in stderr
    assert "panicked" not in stderr


def test_lines_for_teamcity_are_those_of_its_own_package() -> None:
    names = ["100% |n", "a'b[c]d||e", "##teamcity[buildStop comment='x']", "x\n##teamcity[x]", "Köln 🎮", "\x85\u2028"]
    counts = {"pending_machines": 0, "failed_machines": 1, "completed_machines": 2}
    total = {name: count * len(names) for name, count in counts.items()}
    regions = {f"region-{index}": {"name": name, **counts} for index, name in enumerate(names)}
    body = {**total, "fleets": {"fleet-1": {**total, "regions": regions}}}
    words = [str(SCRIPT), "check", "--asid", "1", "--image", "2", "--per", "region", "-o", "json", "--ci"]
    with clanforge.simulate({"description": "hostile", "responses": [{"kind": "response", "body": json.dumps(body)}]}) as service:
        # GitLab gets the text as it is.
        text = run(service, *words, "gitlab").stderr.rstrip("\n")
        written = run(service, *words, "teamcity").stderr
    assert text.count("\n") == len(names), text

    output = io.StringIO()
    messages = TeamcityServiceMessages(output, encoding=None)
    messages.buildProblem(text, "clanforge")
    messages.setParameter("clanforge.outcome", "failed")
    messages.setParameter("clanforge.reason", text.partition("\n")[0])
    messages.setParameter("clanforge.freshness", "unknown")
    messages.message("buildStatisticValue", key="clanforge.percent_complete", value="66.6")
    assert written == re.sub(" timestamp='[^']*'", "", output.getvalue())

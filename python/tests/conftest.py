"""Fixtures: a simulator, real servers, and Python scripts in a process of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import clanforge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))

# A process that a shell starts in the background ignores SIGINT, which some of the tests send.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def service() -> Iterator[clanforge.Simulation]:
    with clanforge.simulate("happy") as service:
        yield service


@pytest.fixture(scope="session")
def real_servers() -> Iterator[dict[str, Any]]:
    """The addresses of nginx and squid, which the project's test server program starts for the tests of all languages."""
    program = TARGET / "debug" / ("clanforge-test-servers" + (".exe" if os.name == "nt" else ""))
    if not program.exists():
        pytest.fail(f"could not find {program}: run `cargo build --package clanforge-test-servers`")
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline() or "0")
        if addresses is None:
            pytest.skip("nginx or squid is not installed")
        assert addresses, "the servers did not start"
        yield addresses


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        is_trust = name.startswith("SSL_CERT_") or name == "REQUESTS_CA_BUNDLE"
        if name.startswith("CLANFORGE_") or name.lower().endswith("_proxy") or is_trust:
            monkeypatch.delenv(name)


@pytest.fixture
def run_python(service: clanforge.Simulation, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a script in its own interpreter, with the environment variables of the simulator, in real time."""
    variables = {name: value for name, value in service.environment.items() if name != "CLANFORGE_SIMULATION"}

    def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "script.py"
        file.write_text(textwrap.dedent(script))
        return subprocess.run(
            [sys.executable, "-W", "error", str(file), *arguments],
            env={**os.environ, **variables, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run

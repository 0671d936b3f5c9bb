"""Every fault of `tests/faults.json`: both clients end as the table says, with the same text."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT, TARGET

import clanforge
from clanforge import AsyncClient, Client

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = TARGET / "debug" / ("clanforge-test-faults" + (".exe" if os.name == "nt" else ""))
EXPECTED: dict[str, Any] = json.loads((ROOT / "tests" / "faults.json").read_text())
WAIT: Any = {"start_grace": 0, "min_interval": 0.02, "max_interval": 0.05}


@pytest.fixture
def faults() -> Iterator[list[dict[str, Any]]]:
    assert PROGRAM.exists(), f"could not find {PROGRAM}: run `cargo build --package clanforge-test-faults`"
    with subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        faults = json.loads(process.stdout.readline())
        assert len(faults) > 60
        yield faults


def settings(fault: dict[str, Any]) -> Any:
    fields = {"access_key": "an-access-key", "secret_key": "a-secret-key", "base_url": fault["base_url"]}
    if fault["ca_file"] is not None:
        fields["ca_file"] = fault["ca_file"]
    if fault["task"] == "status_signed":
        fields["auth_scheme"] = "sigv4"
    return {**fields, "timeout": fault["timeout"], "retries": fault["retries"]}


def status_result(status: clanforge.ImageStatus) -> dict[str, Any]:
    assert status.completed_machines == 3
    return {"ends": "read", "text": ""}


def outcome_result(outcome: clanforge.Outcome) -> dict[str, Any]:
    return {"ends": "outcome", "outcome": outcome.kind, "text": ""}


def error_result(fault: dict[str, Any], error: clanforge.ClanforgeError) -> dict[str, Any]:
    text = str(error)
    for pattern, replacement in fault["masks"]:
        text = re.sub(pattern, replacement, text)
    return {"ends": "error", "kind": error.kind, "status": error.status, "attempts": error.attempts, "text": text}


def run_in_process(fault: dict[str, Any], kind: str) -> dict[str, Any]:
    """Run a fault in its own process, with its environment."""
    environment = {**os.environ, **dict(fault.pop("environment")), "PYTHONPATH": os.pathsep.join(sys.path)}
    script = f"import json, sys, test_faults; print(json.dumps(test_faults.{kind}(json.load(sys.stdin))))"
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(fault), env=environment, capture_output=True, text=True, check=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def run_blocking(fault: dict[str, Any]) -> dict[str, Any]:
    if fault.get("environment"):
        return run_in_process(fault, "run_blocking")
    with Client(**settings(fault)) as client:
        try:
            if fault["task"] == "wait":
                return outcome_result(client.wait(1234, 5678, timeout=fault["timeout"], **WAIT))
            if fault["task"] == "status_twice":
                client.image_status(1234, 5678)
            return status_result(client.image_status(1234, 5678))
        except clanforge.ClanforgeError as error:
            return error_result(fault, error)


def run_in_event_loop(fault: dict[str, Any]) -> dict[str, Any]:
    return asyncio.run(run_async(fault))


async def run_async(fault: dict[str, Any]) -> dict[str, Any]:
    if fault.get("environment"):
        return await asyncio.to_thread(run_in_process, fault, "run_in_event_loop")
    async with AsyncClient(**settings(fault)) as client:
        try:
            if fault["task"] == "wait":
                return outcome_result(await client.wait(1234, 5678, timeout=fault["timeout"], **WAIT))
            if fault["task"] == "status_twice":
                await client.image_status(1234, 5678)
            return status_result(await client.image_status(1234, 5678))
        except clanforge.ClanforgeError as error:
            return error_result(fault, error)


def test_every_fault_ends_the_blocking_call_as_the_table_says(faults: list[dict[str, Any]]) -> None:
    with ThreadPoolExecutor(len(faults)) as threads:
        found = dict(zip((fault["name"] for fault in faults), threads.map(run_blocking, faults), strict=True))
    assert found == EXPECTED


def test_every_fault_ends_the_asynchronous_call_as_the_table_says(faults: list[dict[str, Any]]) -> None:
    async def main() -> list[dict[str, Any]]:
        return await asyncio.gather(*map(run_async, faults))

    assert dict(zip((fault["name"] for fault in faults), asyncio.run(main()), strict=True)) == EXPECTED

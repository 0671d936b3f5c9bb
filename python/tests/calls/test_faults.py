"""Every fault of the project's table, met by both clients: they end as the table says, in the same words."""

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
from conftest import ROOT

import clanforge
from clanforge import AsyncClient, Client

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = ROOT / "target" / "debug" / ("clanforge-test-faults" + (".exe" if os.name == "nt" else ""))
EXPECTED: dict[str, Any] = json.loads((ROOT / "tests" / "faults.json").read_text())
WAIT: Any = {"start_grace": 0, "min_interval": 0.02, "max_interval": 0.05}


@pytest.fixture
def faults() -> Iterator[list[dict[str, Any]]]:
    assert PROGRAM.exists(), f"there is no {PROGRAM}: cargo test --package clanforge-test-faults"
    with subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        played = json.loads(process.stdout.readline())
        assert len(played) > 60
        yield played


def settings(fault: dict[str, Any]) -> Any:
    made = {"access_key": "an-access-key", "secret_key": "a-secret-key", "base_url": fault["base_url"]}
    if fault["ca_file"] is not None:
        made["ca_file"] = fault["ca_file"]
    if fault["task"] == "status_signed":
        made["auth_scheme"] = "sigv4"
    return {**made, "timeout": fault["timeout"], "retries": fault["retries"]}


def read(status: clanforge.ImageStatus) -> dict[str, Any]:
    assert status.completed_machines == 3
    return {"ends": "read", "text": ""}


def ended(outcome: clanforge.Outcome) -> dict[str, Any]:
    return {"ends": "outcome", "outcome": outcome.kind, "text": ""}


def refused(fault: dict[str, Any], error: clanforge.ClanforgeError) -> dict[str, Any]:
    text = str(error)
    for found, instead in fault["masks"]:
        text = re.sub(found, instead, text)
    return {"ends": "error", "kind": error.kind, "status": error.status, "attempts": error.attempts, "text": text}


def elsewhere(fault: dict[str, Any], kind: str) -> dict[str, Any]:
    """Meet a fault in a process of its own, with its environment."""
    environment = {**os.environ, **dict(fault.pop("environment")), "PYTHONPATH": os.path.dirname(__file__)}
    script = f"import json, sys, test_faults; print(json.dumps(test_faults.{kind}(json.load(sys.stdin))))"
    done = subprocess.run(
        [sys.executable, "-c", script], input=json.dumps(fault), env=environment, capture_output=True, text=True, check=True
    )
    ended: dict[str, Any] = json.loads(done.stdout)
    return ended


def meet(fault: dict[str, Any]) -> dict[str, Any]:
    if fault.get("environment"):
        return elsewhere(fault, "meet")
    with Client(**settings(fault)) as client:
        try:
            if fault["task"] == "wait":
                return ended(client.wait(1234, 5678, timeout=fault["timeout"], **WAIT))
            if fault["task"] == "status_twice":
                client.image_status(1234, 5678)
            return read(client.image_status(1234, 5678))
        except clanforge.ClanforgeError as error:
            return refused(fault, error)


def meet_in_a_loop(fault: dict[str, Any]) -> dict[str, Any]:
    return asyncio.run(meet_later(fault))


async def meet_later(fault: dict[str, Any]) -> dict[str, Any]:
    if fault.get("environment"):
        return await asyncio.to_thread(elsewhere, fault, "meet_in_a_loop")
    async with AsyncClient(**settings(fault)) as client:
        try:
            if fault["task"] == "wait":
                return ended(await client.wait(1234, 5678, timeout=fault["timeout"], **WAIT))
            if fault["task"] == "status_twice":
                await client.image_status(1234, 5678)
            return read(await client.image_status(1234, 5678))
        except clanforge.ClanforgeError as error:
            return refused(fault, error)


def test_every_fault_ends_for_the_blocking_client_as_the_table_says(faults: list[dict[str, Any]]) -> None:
    with ThreadPoolExecutor(len(faults)) as threads:
        found = dict(zip((fault["name"] for fault in faults), threads.map(meet, faults), strict=True))
    assert found == EXPECTED


def test_every_fault_ends_for_the_asynchronous_client_as_the_table_says(faults: list[dict[str, Any]]) -> None:
    async def main() -> list[dict[str, Any]]:
        return await asyncio.gather(*map(meet_later, faults))

    assert dict(zip((fault["name"] for fault in faults), asyncio.run(main()), strict=True)) == EXPECTED

"""Measures the Python package side by side with what a user would pick instead: ratios of one run.

Run it with `cargo xtask bench python`. Each rival is used as its documentation recommends: one session for all calls, keys by
Basic authentication, the response read into a dictionary. The server is the project's simulator in a process of its own.
"""

from __future__ import annotations

import asyncio
import io
import json
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import msgspec
import orjson
import pycurl
import requests

import clanforge
from clanforge.aio import AsyncClient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ROUNDS = 7
CALLS = 400
AT_ONCE = 64


def main() -> None:
    command = sys.argv[1]
    with subprocess.Popen([command, "simulate"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None and server.stderr is not None
            url = server.stdout.readline().strip()
            keys = read_keys(server.stderr)
            blocking(url, keys)
            asynchronous(url, keys)
        finally:
            server.terminate()
    decoding()
    importing()


def read_keys(lines: Any) -> tuple[str, str]:
    found = {}
    for line in lines:
        name, _, value = line.strip().removeprefix("export ").partition("=")
        found[name] = value
        if name == "CLANFORGE_SECRET_KEY":
            break
    return found["CLANFORGE_ACCESS_KEY"], found["CLANFORGE_SECRET_KEY"]


def blocking(url: str, keys: tuple[str, str]) -> None:
    target = f"{url}/cfp/v2/project/1/image/2/status"
    client = clanforge.Client(base_url=url, access_key=keys[0], secret_key=keys[1])
    with httpx.Client(auth=keys) as over_httpx, requests.Session() as over_requests:
        over_requests.auth = keys
        curl = pycurl.Curl()
        curl.setopt(pycurl.URL, target)
        curl.setopt(pycurl.USERPWD, ":".join(keys))

        def over_curl() -> Any:
            body = io.BytesIO()
            curl.setopt(pycurl.WRITEDATA, body)
            curl.perform()
            assert curl.getinfo(pycurl.RESPONSE_CODE) == 200
            return orjson.loads(body.getvalue())

        report(
            "a small call, one after another",
            "µs",
            side_by_side(
                {
                    "clanforge": lambda: client.image_status(1, 2),
                    "httpx": lambda: over_httpx.get(target).raise_for_status().json(),
                    "requests": lambda: over_requests.get(target).json(),
                    "pycurl + orjson": over_curl,
                },
                CALLS,
            ),
            {"httpx": 0.2, "pycurl + orjson": 1.2},
        )


def asynchronous(url: str, keys: tuple[str, str]) -> None:
    target = f"{url}/cfp/v2/project/1/image/2/status"

    async def measure() -> dict[str, float]:
        connector = aiohttp.TCPConnector(limit=AT_ONCE)
        headers = {"Authorization": aiohttp.encode_basic_auth(*keys)}
        async with (
            AsyncClient(base_url=url, access_key=keys[0], secret_key=keys[1]) as client,
            aiohttp.ClientSession(headers=headers, connector=connector) as session,
        ):

            async def over_aiohttp() -> Any:
                async with session.get(target) as response:
                    response.raise_for_status()
                    return await response.json()

            async def rate(call: Callable[[], Awaitable[Any]]) -> float:
                async def worker() -> None:
                    for _ in range(20):
                        await call()

                began = time.perf_counter()
                await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
                return (time.perf_counter() - began) / (20 * AT_ONCE)

            times: dict[str, list[float]] = {"clanforge": [], "aiohttp": []}
            for _ in range(ROUNDS):
                times["clanforge"].append(await rate(lambda: client.image_status(1, 2)))
                times["aiohttp"].append(await rate(over_aiohttp))
            return {name: statistics.median(each[1:]) for name, each in times.items()}

    report(f"{AT_ONCE} calls at once with asyncio, each", "µs", asyncio.run(measure()), {"aiohttp": 0.5})


class Region(msgspec.Struct):
    name: str
    pending_machines: int
    failed_machines: int
    completed_machines: int


class Fleet(msgspec.Struct):
    pending_machines: int
    failed_machines: int
    completed_machines: int
    regions: dict[str, Region]


class Image(msgspec.Struct):
    pending_machines: int
    failed_machines: int
    completed_machines: int
    fleets: dict[str, Fleet]


def decoding() -> None:
    body = large_body()
    decoder = msgspec.json.Decoder(Image)

    def ours() -> Any:
        return clanforge.ImageStatus.from_json(body).failed_regions()

    def over_msgspec() -> Any:
        image = decoder.decode(body)
        return [
            (fleet_id, region_id, region.name, region.failed_machines)
            for fleet_id, fleet in image.fleets.items()
            for region_id, region in fleet.regions.items()
            if region.failed_machines
        ]

    def over_orjson() -> Any:
        image = orjson.loads(body)
        return [
            (fleet_id, region_id, region["name"], region["failed_machines"])
            for fleet_id, fleet in image["fleets"].items()
            for region_id, region in fleet["regions"].items()
            if region["failed_machines"]
        ]

    assert len(ours()) == len(over_msgspec()) == len(over_orjson())
    report(
        "20,000 regions decoded, and the failed ones listed",
        "ms",
        side_by_side({"clanforge": ours, "msgspec": over_msgspec, "orjson": over_orjson}, 10),
        {"msgspec": 1.0},
    )


def large_body() -> bytes:
    def counts(failed: int) -> dict[str, int]:
        return {"pending_machines": 1, "failed_machines": failed, "completed_machines": 40}

    fleets = {
        f"7f3b1c52-0d4e-4c39-9a1b-{fleet:012x}": {
            **counts(1),
            "regions": {
                f"{region:08x}-7c21-4b8f-b6d4-{fleet:012x}": {"name": f"Region {region}", **counts(int(region % 20 == 0))}
                for region in range(200)
            },
        }
        for fleet in range(100)
    }
    return json.dumps({**counts(100), "fleets": fleets}).encode()


def importing() -> None:
    def start(script: str) -> Callable[[], Any]:
        return lambda: subprocess.run([sys.executable, "-I", "-c", script], check=True)

    times = side_by_side({"bare": start("pass"), "clanforge": start("import clanforge"), "httpx": start("import httpx")}, 8)
    bare = times.pop("bare")
    over = {name: seconds - bare for name, seconds in times.items()}
    report("importing, over the bare interpreter (goal: 30 ms at most)", "ms", over, {})


def side_by_side(calls: dict[str, Callable[[], Any]], times: int) -> dict[str, float]:
    """Return the seconds of a call: the median of rounds in which each has its turn."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            began = time.perf_counter()
            for _ in range(times):
                call()
            taken[name].append((time.perf_counter() - began) / times)
    return {name: statistics.median(each[1:]) for name, each in taken.items()}


def report(subject: str, unit: str, seconds: dict[str, float], goals: dict[str, float]) -> None:
    scale = {"µs": 1e6, "ms": 1e3}[unit]
    print(f"\n{subject}")
    ours = seconds["clanforge"]
    for name, each in seconds.items():
        goal = f"  (goal: {goals[name]})" if name in goals else ""
        ratio = "" if name == "clanforge" else f"   clanforge / its = {ours / each:.2f}{goal}"
        print(f"  {name:<18} {each * scale:9.1f} {unit}{ratio}")


if __name__ == "__main__":
    main()

"""Canaries: credentials that must not appear anywhere, even if a service repeats them."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
import logging
import pickle
import subprocess
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_faults import PROGRAM

import clanforge
from clanforge import AsyncClient, Client, Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEYS = {"access_key": "canary-key-1f2e3d", "secret_key": "canary-secret-4c5b6a"}
TOKEN = "canary-token-7a8b9c"
KINDS: dict[str, Any] = {"basic": KEYS, "sigv4": {**KEYS, "auth_scheme": "sigv4"}, "bearer": {"token": TOKEN}}
ENCODED = base64.b64encode(b"canary-").decode()[:8]


@pytest.fixture
def echoes() -> Iterator[dict[str, Any]]:
    """Services that repeat the credentials of a request in every part of their response."""
    with subprocess.Popen([PROGRAM, "echoes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        started = json.loads(process.stdout.readline())
        assert len(started["urls"]) > 60
        yield started
        assert not Path(started["followed"]).exists(), "credentials were sent to another origin"


def assert_clean(*texts: str) -> None:
    for text in texts:
        assert "canary" not in text.lower(), text
        assert ENCODED not in text, text
        assert "Signature=" not in text.replace("Signature=[redacted]", ""), text


def texts_of(value: object) -> Iterator[str]:
    """Every text of a value."""
    yield from (str(value), repr(value), f"{value}", f"{value!a:>10}", json.dumps(vars_of(value), default=repr))


def vars_of(value: object) -> dict[str, Any]:
    slots = [name for each in type(value).__mro__ for name in getattr(each, "__slots__", ())]
    kept = {name: getattr(value, name, None) for name in slots if name not in {"_settings", "_fields", "_provider"}}
    return {**getattr(value, "__dict__", {}), **kept}


def assert_error_is_clean(error: clanforge.ClanforgeError) -> None:
    assert_clean(*texts_of(error), *traceback.format_exception(error), repr(pickle.dumps(error)), repr(error.args))
    again = pickle.loads(pickle.dumps(error))
    assert_clean(*texts_of(again), *traceback.format_exception(again))
    cause = error.__cause__
    while cause is not None:
        assert_clean(*texts_of(cause))
        cause = cause.__cause__


@pytest.mark.parametrize("kind", KINDS)
def test_errors_and_logs_of_calls_hold_no_secret(
    kind: str, echoes: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "clanforge")

    async def ask(url: str) -> clanforge.ClanforgeError:
        async with AsyncClient(**KINDS[kind], base_url=url, retries=0) as client:
            with pytest.raises(clanforge.ClanforgeError) as raised:
                await client.image_status(1, 2)
            return raised.value

    async def ask_all() -> list[clanforge.ClanforgeError]:
        return await asyncio.gather(*map(ask, echoes["urls"]))

    for error in asyncio.run(ask_all()):
        assert_error_is_clean(error)
    for url in echoes["urls"]:
        with Client(**KINDS[kind], base_url=url, retries=0) as client, pytest.raises(clanforge.ClanforgeError) as raised:
            client.image_status(1, 2, detail=True)
        assert_error_is_clean(raised.value)
    assert len(caplog.records) > 100, "nothing was logged, so the test checks nothing"
    assert_clean(caplog.text, *(repr(vars(record)) for record in caplog.records))


@pytest.mark.parametrize("kind", KINDS)
def test_updates_of_a_wait_hold_no_secret(kind: str, echoes: dict[str, Any]) -> None:
    seen = 0
    for url in echoes["urls"][::5]:
        with Client(**KINDS[kind], base_url=url) as client:
            try:
                for update in client.watch(1, 2, timeout=0.1, min_interval=0.02, max_interval=0.05):
                    assert_clean(*texts_of(update), update.to_json(), repr(pickle.dumps(update)))
                    seen += 1
            except clanforge.ClanforgeError as error:
                assert_error_is_clean(error)
    assert seen > 10


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_does_not_show_or_serialize_its_secrets(kind: str) -> None:
    for client in (Client(**KINDS[kind]), AsyncClient(**KINDS[kind]), Client(credentials_provider=lambda: of(kind))):
        assert_clean(*texts_of(client), *texts_of(client.watch(1, 2)))
        keepers: list[Callable[[object], object]] = [pickle.dumps, copy.copy, copy.deepcopy]
        for keep in keepers:
            with pytest.raises(TypeError, match="cannot pickle a client") as raised:
                keep(client)
            assert_clean(*traceback.format_exception(raised.value))
    assert_clean(*texts_of(of(kind)))


def of(kind: str) -> Credentials:
    return Credentials(**KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_credentials_are_not_sent_over_a_network_in_clear_text(kind: str) -> None:
    for make in (Client, AsyncClient):
        for url in ("http://service.example", "http://192.0.2.1:8080"):
            with pytest.raises(clanforge.ConfigurationError, match="cross the network in clear text") as raised:
                make(**KINDS[kind], base_url=url)
            assert_error_is_clean(raised.value)


def test_errors_of_invalid_settings_hold_no_secret() -> None:
    wrong: list[dict[str, Any]] = [
        {"token": TOKEN + "\n"},
        {"token": TOKEN, "access_key": "canary"},
        {"access_key": "canary"},
        {"token": ["canary"]},
        {"timeout": "canary", "token": TOKEN},
        {"base_url": "https://canary:canary@service.example", "token": TOKEN},
        {"base_url": "canary", "token": TOKEN},
        {"proxy": "socks5://canary:canary@proxy.example", "token": TOKEN},
        {"auth_scheme": "canary", **KEYS},
        {"no_proxy": "canary", "token": TOKEN},
    ]
    for settings in wrong:
        with pytest.raises((clanforge.ConfigurationError, TypeError)) as raised:
            Client(**settings)
        assert_clean(str(raised.value), repr(raised.value))


def test_the_output_of_the_command_holds_no_secret(echoes: dict[str, Any]) -> None:
    for url in echoes["urls"][::7]:
        environment = {
            "CLANFORGE_ACCESS_KEY": KEYS["access_key"],
            "CLANFORGE_SECRET_KEY": KEYS["secret_key"],
            "CLANFORGE_BASE_URL": url,
            "RUST_LOG": "trace",
        }
        arguments = ["status", "--asid", "1", "--image", "2", "--retries", "0"]
        completed = subprocess.run(
            [sys.executable, "-m", "clanforge", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert completed.returncode != 0
        assert_clean(completed.stdout, completed.stderr)

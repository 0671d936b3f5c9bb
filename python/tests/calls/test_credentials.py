"""Signatures beside those of an independent signer, and credentials that a provider gives."""

from __future__ import annotations

import asyncio
import copy
import gc
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as AwsCredentials
from servers import Answering, Silent

import clanforge
from clanforge import AsyncClient, Client, Credentials

if TYPE_CHECKING:
    from collections.abc import Callable

FAST: Any = {"max_interval": 0.2, "min_interval": 0.02}
KEYS: Any = {"access_key": "AKIDEXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}


def always(_: int) -> int:
    return 200


def refused_but(*passing: int) -> Callable[[int], int]:
    return lambda number: 200 if number in passing else 401


def signed_by_botocore(url: str, date: str) -> str:
    """Return the Authorization header that botocore makes for a GET at this time."""
    signer = SigV4Auth(AwsCredentials(KEYS["access_key"], KEYS["secret_key"]), "cf", "eu-west-1")
    request = AWSRequest(method="GET", url=url, headers={"X-Amz-Date": date})
    request.context["timestamp"] = date
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    scope = f"Credential={KEYS['access_key']}/{date[:8]}/eu-west-1/cf/aws4_request"
    return f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host;x-amz-date, Signature={signature}"


@pytest.mark.parametrize("path", ["", "/gateway", "/a path/with+every(kind)~of/é%2F", "/double//slash/./and/../dots"])
@pytest.mark.parametrize("detail", [False, True])
def test_a_signature_is_that_of_botocore(path: str, detail: bool) -> None:
    with Answering(always) as server, Client(**KEYS, auth_scheme="sigv4", base_url=server.url + path) as client:
        client.image_status(1234, 5678, detail=detail)
    request = server.requests[-1]
    assert request["authorization"] == signed_by_botocore(server.url + request["target"], request["x-amz-date"])


def test_the_scheme_of_the_keys_comes_from_argument_or_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Answering(always) as server:
        monkeypatch.setenv("CLANFORGE_ACCESS_KEY", KEYS["access_key"])
        monkeypatch.setenv("CLANFORGE_SECRET_KEY", KEYS["secret_key"])
        monkeypatch.setenv("CLANFORGE_BASE_URL", server.url)
        clanforge.image_status(1, 2)
        with Client(auth_scheme="sigv4") as client:
            client.image_status(1, 2)
        monkeypatch.setenv("CLANFORGE_AUTH_SCHEME", "sigv4")
        clanforge.image_status(1, 2)
        monkeypatch.setenv("CLANFORGE_AUTH_SCHEME", "a-secret")
        with pytest.raises(clanforge.ConfigurationError, match="CLANFORGE_AUTH_SCHEME refused") as raised:
            clanforge.image_status(1, 2)
        assert "a-secret" not in str(raised.value)
    schemes = [request["authorization"].split()[0] for request in server.requests]
    assert schemes == ["Basic", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256"]


class Numbered:
    """A provider that gives ``token-1``, ``token-2`` and so on."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> Credentials:
        self.asked += 1
        return Credentials(token=f"token-{self.asked}")

    async def later(self) -> Credentials:
        await asyncio.sleep(0.01)
        return self()


EXPECTED = ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]


def test_a_provider_is_asked_when_needed_and_again_once_after_a_401() -> None:
    provider = Numbered()
    with Answering(lambda number: 401 if number == 1 else 200) as server:
        with Client(credentials_provider=provider, base_url=server.url) as client:
            assert provider.asked == 0
            for _ in range(3):
                client.image_status(1, 2, retries=0)
        assert [request["authorization"] for request in server.requests] == EXPECTED
    with Answering(refused_but()) as server, Client(credentials_provider=Numbered(), base_url=server.url) as client:
        with pytest.raises(clanforge.AuthenticationError) as raised:
            client.image_status(1, 2)
        assert raised.value.attempts == len(server.requests) == 2


@pytest.mark.parametrize("is_async", [False, True])
def test_an_asynchronous_client_asks_functions_and_coroutine_functions(is_async: bool) -> None:
    async def main(url: str) -> None:
        provider = Numbered()
        async with AsyncClient(
            credentials_provider=provider.later if is_async else provider, base_url=url
        ) as client:
            for _ in range(3):
                await client.image_status(1, 2, retries=0)

    with Answering(lambda number: 401 if number == 1 else 200) as server:
        asyncio.run(main(server.url))
        assert [request["authorization"] for request in server.requests] == EXPECTED


def test_a_wait_outlives_its_token() -> None:
    async def main(url: str) -> clanforge.Outcome:
        async with AsyncClient(credentials_provider=Numbered().later, base_url=url) as client:
            return await client.wait(1, 2, start_grace=0, **FAST)

    with Answering(lambda number: 401 if number == 1 else 200) as server:
        assert asyncio.run(main(server.url)).kind == "ready"
    with Answering(lambda number: 401 if number == 1 else 200) as server:
        with Client(credentials_provider=Numbered(), base_url=server.url) as client:
            assert client.wait(1, 2, start_grace=0, **FAST).kind == "ready"


def test_calls_at_once_share_one_answer() -> None:
    provider = Numbered()

    async def main(url: str) -> None:
        async with AsyncClient(credentials_provider=provider.later, base_url=url) as client:
            await asyncio.gather(*(client.image_status(1, 2) for _ in range(8)))

    with Answering(always) as server:
        asyncio.run(main(server.url))
    assert provider.asked == 1


class Sealed(Exception):
    pass


def test_what_a_provider_raises_comes_out_as_it_is() -> None:
    def sealed() -> Credentials:
        raise Sealed

    async def main(url: str) -> None:
        async def sealed_later() -> Credentials:
            raise Sealed

        async with AsyncClient(credentials_provider=sealed_later, base_url=url) as client:
            with pytest.raises(Sealed):
                await client.image_status(1, 2)
            with pytest.raises(Sealed):
                await client.wait(1, 2)

    with Answering(always) as server:
        with Client(credentials_provider=sealed, base_url=server.url) as client:
            with pytest.raises(Sealed):
                client.image_status(1, 2)
            with pytest.raises(Sealed):
                client.wait(1, 2)
        asyncio.run(main(server.url))
        assert server.requests == []


def test_what_a_provider_may_not_return_is_named() -> None:
    with Answering(always) as server:
        other: Any = lambda: "a-secret-token"  # noqa: E731
        with Client(credentials_provider=other, base_url=server.url) as client:
            with pytest.raises(clanforge.ConfigurationError, match="returned a str: it must return Credentials"):
                client.image_status(1, 2)
        with Client(credentials_provider=Numbered().later, base_url=server.url) as client:
            with pytest.raises(clanforge.ConfigurationError, match="asynchronous: use AsyncClient"):
                client.image_status(1, 2)
        with Client(credentials_provider=lambda: Credentials(token="a b"), base_url=server.url) as client:
            with pytest.raises(clanforge.ConfigurationError, match="gave what cannot be used: the token contains"):
                client.image_status(1, 2)
    for settings in ({"token": "a-token"}, KEYS):
        with pytest.raises(clanforge.ConfigurationError, match="give one or the other"):
            Client(credentials_provider=Numbered(), **settings)
    with pytest.raises(clanforge.ConfigurationError, match="credentials_provider of type str: a function"):
        Client(credentials_provider="a-secret")  # type: ignore[arg-type]


def test_a_provider_that_takes_its_time_keeps_no_other_thread_from_its_deadline() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow() -> Credentials:
        asked.set()
        assert go_on.wait(10)
        return Credentials(token="a-token")

    with Answering(always) as server, Client(credentials_provider=slow, base_url=server.url) as client:
        with ThreadPoolExecutor(1) as threads:
            first = threads.submit(client.image_status, 1, 2)
            assert asked.wait(10)
            began = time.monotonic()
            with pytest.raises(clanforge.TimeoutError, match=r"from the credentials provider within the 0.2 s"):
                client.image_status(1, 2, timeout=0.2)
            assert time.monotonic() - began < 5
            go_on.set()
            assert first.result().completed_machines == 3


def test_a_provider_may_use_a_client_but_its_own() -> None:
    def calls(other: Client) -> Credentials:
        other.image_status(1, 2, timeout=0.2)
        return Credentials(token="a-token")

    with Answering(always) as server, Client(token="another", base_url=server.url) as other:
        with Client(credentials_provider=lambda: calls(other), base_url=server.url) as client:
            assert client.image_status(1, 2).completed_machines == 3
        with Client(credentials_provider=lambda: calls(client), base_url=server.url) as client:
            with pytest.raises(clanforge.TimeoutError, match="no answer from the credentials provider"):
                client.image_status(1, 2)


def test_a_wait_is_given_up_once_its_provider_raised() -> None:
    def sealed() -> Credentials:
        raise Sealed

    with Answering(always) as server, Client(credentials_provider=sealed, base_url=server.url) as client:
        updates = client.watch(1, 2)
        with pytest.raises(Sealed):
            next(updates)
        with pytest.raises(clanforge.ConfigurationError, match="given up"):
            next(updates)


def test_what_a_provider_raises_after_its_call_is_nobodys(caplog: pytest.LogCaptureFixture) -> None:
    async def stubborn() -> Credentials:
        try:
            await asyncio.sleep(3600)
        finally:
            raise Sealed

    async def main(url: str) -> None:
        async with AsyncClient(credentials_provider=stubborn, base_url=url) as client:
            call = asyncio.ensure_future(client.image_status(1, 2))
            await asyncio.sleep(0.05)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await asyncio.sleep(0.05)
        gc.collect()

    with Answering(always) as server:
        asyncio.run(main(server.url))
    assert caplog.records == []


def test_a_call_ends_in_time_whatever_its_provider_does() -> None:
    ended: list[BaseException] = []

    async def never() -> Credentials:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError as cancelled:
            ended.append(cancelled)
            raise
        raise AssertionError

    async def main(url: str) -> None:
        async with AsyncClient(credentials_provider=never, base_url=url) as client:
            with pytest.raises(clanforge.TimeoutError, match="from the credentials provider within the 0.2 s"):
                await client.image_status(1, 2, timeout=0.2)
            call = asyncio.ensure_future(client.image_status(1, 2))
            await asyncio.sleep(0.05)
            began = time.monotonic()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert time.monotonic() - began < 0.1
            await asyncio.sleep(0.01)

    with Silent() as server:
        asyncio.run(main(server.url))
    assert len(ended) == 2


def test_a_client_with_other_options_takes_the_credentials_that_are_named_last() -> None:
    with Answering(always) as server, Client(token="a-token", base_url=server.url) as client:
        with client.with_options(credentials_provider=Numbered()) as other:
            other.image_status(1, 2)
            with other.with_options(**KEYS) as third, third.with_options(retries=1) as fourth:
                fourth.image_status(1, 2)
    assert [request["authorization"].split()[0] for request in server.requests] == ["Bearer", "Basic"]


def test_credentials_show_and_keep_no_secret() -> None:
    for credentials in (Credentials(token="canary"), Credentials(access_key="canary", secret_key="canary")):
        assert "canary" not in f"{credentials!r} {credentials} {credentials:}"
        for keep in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="cannot be pickled"):
                keep(credentials)
        with pytest.raises(AttributeError):
            credentials.token = "other"  # type: ignore[attr-defined]
    for given in ({}, {"token": "a", "access_key": "b"}, {"access_key": "a"}):
        with pytest.raises(TypeError, match="a token, or access_key and secret_key"):
            Credentials(**given)
    with pytest.raises(clanforge.ConfigurationError, match="invalid token: a text, and no bytes"):
        Credentials(token=b"canary")  # type: ignore[call-overload]

"""Signatures, compared with those of botocore, and credentials providers."""

from __future__ import annotations

import asyncio
import copy
import gc
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as AwsCredentials
from servers import LONG, SilentServer, StatusServer

import clanforge
from clanforge import AsyncClient, Client, Credentials

if TYPE_CHECKING:
    from collections.abc import Callable

FAST: Any = {"settle": 0.2, "max_interval": 0.2, "min_interval": 0.02}
KEYS: Any = {"access_key": "AKIDEXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}


def always(_: int) -> int:
    return 200


def unauthorized_except(*accepted: int) -> Callable[[int], int]:
    return lambda number: 200 if number in accepted else 401


def signed_by_botocore(url: str, date: str) -> str:
    """Return the Authorization header of botocore for a GET request at this time."""
    signer = SigV4Auth(AwsCredentials(KEYS["access_key"], KEYS["secret_key"]), "cf", "eu-west-1")
    request = AWSRequest(method="GET", url=url, headers={"X-Amz-Date": date})
    request.context["timestamp"] = date
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    scope = f"Credential={KEYS['access_key']}/{date[:8]}/eu-west-1/cf/aws4_request"
    return f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host;x-amz-date, Signature={signature}"


@pytest.mark.parametrize("path", ["", "/gateway", "/a path/with+every(kind)~of/é%2F", "/double//slash/./and/../dots"])
@pytest.mark.parametrize("detail", [False, True])
def test_a_signature_equals_that_of_botocore(path: str, detail: bool) -> None:
    with StatusServer(always) as server, Client(**KEYS, auth_scheme="sigv4", base_url=server.url + path) as client:
        client.image_status(1234, 5678, detail=detail)
    request = server.requests[-1]
    assert request["authorization"] == signed_by_botocore(server.url + request["target"], request["x-amz-date"])


def test_the_auth_scheme_comes_from_the_argument_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with StatusServer(always) as server:
        monkeypatch.setenv("CLANFORGE_ACCESS_KEY", KEYS["access_key"])
        monkeypatch.setenv("CLANFORGE_SECRET_KEY", KEYS["secret_key"])
        monkeypatch.setenv("CLANFORGE_BASE_URL", server.url)
        clanforge.image_status(1, 2)
        with Client(auth_scheme="sigv4") as client:
            client.image_status(1, 2)
        monkeypatch.setenv("CLANFORGE_AUTH_SCHEME", "sigv4")
        clanforge.image_status(1, 2)
        monkeypatch.setenv("CLANFORGE_AUTH_SCHEME", "a-secret")
        with pytest.raises(clanforge.ConfigurationError, match="invalid CLANFORGE_AUTH_SCHEME") as raised:
            clanforge.image_status(1, 2)
        assert "a-secret" not in str(raised.value)
    schemes = [request["authorization"].split()[0] for request in server.requests]
    assert schemes == ["Basic", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256"]


class CountingProvider:
    """A provider that returns ``token-1``, ``token-2`` and so on."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> Credentials:
        self.calls += 1
        return Credentials(token=f"token-{self.calls}")

    async def later(self) -> Credentials:
        await asyncio.sleep(0)
        return self()


EXPECTED = ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]


def test_a_provider_is_called_before_the_first_request_and_once_more_after_a_401() -> None:
    provider = CountingProvider()
    with StatusServer(lambda number: 401 if number == 1 else 200) as server:
        with Client(credentials_provider=provider, base_url=server.url) as client:
            assert provider.calls == 0
            for _ in range(3):
                client.image_status(1, 2, retries=0)
        assert [request["authorization"] for request in server.requests] == EXPECTED
    with StatusServer(unauthorized_except()) as server, Client(credentials_provider=CountingProvider(), base_url=server.url) as client:
        with pytest.raises(clanforge.AuthenticationError) as raised:
            client.image_status(1, 2)
        assert raised.value.attempts == len(server.requests) == 2


@pytest.mark.parametrize("is_async", [False, True])
def test_an_asynchronous_client_calls_functions_and_coroutine_functions(is_async: bool) -> None:
    async def main(url: str) -> None:
        provider = CountingProvider()
        async with AsyncClient(
            credentials_provider=provider.later if is_async else provider, base_url=url
        ) as client:
            for _ in range(3):
                await client.image_status(1, 2, retries=0)

    with StatusServer(lambda number: 401 if number == 1 else 200) as server:
        asyncio.run(main(server.url))
        assert [request["authorization"] for request in server.requests] == EXPECTED


def test_a_wait_renews_an_expired_token() -> None:
    async def main(url: str) -> clanforge.Outcome:
        async with AsyncClient(credentials_provider=CountingProvider().later, base_url=url) as client:
            return await client.wait(1, 2, start_grace=0, **FAST)

    with StatusServer(lambda number: 401 if number == 1 else 200) as server:
        assert asyncio.run(main(server.url)).kind == "ready"
    with StatusServer(lambda number: 401 if number == 1 else 200) as server:
        with Client(credentials_provider=CountingProvider(), base_url=server.url) as client:
            assert client.wait(1, 2, start_grace=0, **FAST).kind == "ready"


def test_concurrent_calls_share_the_credentials_of_one_provider_call() -> None:
    provider = CountingProvider()

    async def main(url: str) -> None:
        async with AsyncClient(credentials_provider=provider.later, base_url=url) as client:
            await asyncio.gather(*(client.image_status(1, 2) for _ in range(8)))

    with StatusServer(always) as server:
        asyncio.run(main(server.url))
    assert provider.calls == 1


class VaultSealedError(Exception):
    pass


def test_an_exception_of_a_provider_reaches_the_caller_unchanged() -> None:
    def sealed() -> Credentials:
        raise VaultSealedError

    async def main(url: str) -> None:
        async def sealed_later() -> Credentials:
            raise VaultSealedError

        async with AsyncClient(credentials_provider=sealed_later, base_url=url) as client:
            with pytest.raises(VaultSealedError):
                await client.image_status(1, 2)
            with pytest.raises(VaultSealedError):
                await client.wait(1, 2)

    with StatusServer(always) as server:
        with Client(credentials_provider=sealed, base_url=server.url) as client:
            with pytest.raises(VaultSealedError):
                client.image_status(1, 2)
            with pytest.raises(VaultSealedError):
                client.wait(1, 2)
        asyncio.run(main(server.url))
        assert server.requests == []


def test_an_invalid_result_of_a_provider_is_named_without_its_value() -> None:
    with StatusServer(always) as server:
        other: Any = lambda: "a-secret-token"  # noqa: E731
        with Client(credentials_provider=other, base_url=server.url) as client:
            with pytest.raises(clanforge.ConfigurationError, match="returned a str: expected clanforge.Credentials"):
                client.image_status(1, 2)
        with Client(credentials_provider=CountingProvider().later, base_url=server.url) as client:
            with pytest.raises(clanforge.ConfigurationError, match="a coroutine function: use AsyncClient"):
                client.image_status(1, 2)
        with Client(credentials_provider=lambda: Credentials(token="a b"), base_url=server.url) as client:
            with pytest.raises(clanforge.ConfigurationError, match="invalid credentials: the token contains"):
                client.image_status(1, 2)
    for settings in ({"token": "a-token"}, KEYS):
        with pytest.raises(clanforge.ConfigurationError, match="give one or the other"):
            Client(credentials_provider=CountingProvider(), **settings)
    with pytest.raises(clanforge.ConfigurationError, match="credentials_provider of type str: expected a function"):
        Client(credentials_provider="a-secret")  # type: ignore[arg-type]


def test_a_slow_provider_does_not_delay_the_timeout_of_another_thread() -> None:
    called, proceed = threading.Event(), threading.Event()

    def slow() -> Credentials:
        called.set()
        assert proceed.wait(LONG)
        return Credentials(token="a-token")

    with StatusServer(always) as server, Client(credentials_provider=slow, base_url=server.url) as client:
        with ThreadPoolExecutor(1) as threads:
            first = threads.submit(client.image_status, 1, 2)
            assert called.wait(LONG)
            with pytest.raises(clanforge.TimeoutError, match=r"from the credentials provider within the 0.2 s"):
                client.image_status(1, 2, timeout=0.2)
            assert not first.done()
            proceed.set()
            assert first.result().completed_machines == 3


def test_a_provider_can_use_another_client_but_not_its_own() -> None:
    def with_call(other: Client, timeout: float) -> Credentials:
        other.image_status(1, 2, timeout=timeout)
        return Credentials(token="a-token")

    with StatusServer(always) as server, Client(token="another", base_url=server.url) as other:
        with Client(credentials_provider=lambda: with_call(other, LONG), base_url=server.url) as client:
            assert client.image_status(1, 2).completed_machines == 3
        with Client(credentials_provider=lambda: with_call(client, 0.2), base_url=server.url) as client:
            with pytest.raises(clanforge.TimeoutError, match="no response from the credentials provider"):
                client.image_status(1, 2)


def test_a_wait_is_abandoned_when_its_provider_raises() -> None:
    def sealed() -> Credentials:
        raise VaultSealedError

    with StatusServer(always) as server, Client(credentials_provider=sealed, base_url=server.url) as client:
        updates = client.watch(1, 2)
        with pytest.raises(VaultSealedError):
            next(updates)
        with pytest.raises(clanforge.ConfigurationError, match="the wait was abandoned"):
            next(updates)


def test_an_exception_of_a_provider_after_its_call_is_not_reported(caplog: pytest.LogCaptureFixture) -> None:
    async def main(url: str) -> None:
        called, raised = asyncio.Event(), asyncio.Event()

        async def stubborn() -> Credentials:
            called.set()
            try:
                await asyncio.sleep(3600)
            finally:
                raised.set()
                raise VaultSealedError

        async with AsyncClient(credentials_provider=stubborn, base_url=url) as client:
            call = asyncio.ensure_future(client.image_status(1, 2))
            await called.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await raised.wait()
            await asyncio.sleep(0)
        gc.collect()

    with StatusServer(always) as server:
        asyncio.run(main(server.url))
    assert caplog.records == []


def test_a_call_ends_before_its_provider_and_cancels_it() -> None:
    async def main(url: str) -> None:
        called, cancelled = asyncio.Event(), asyncio.Event()

        async def never() -> Credentials:
            called.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.set()
                raise
            raise AssertionError

        async with AsyncClient(credentials_provider=never, base_url=url) as client:
            with pytest.raises(clanforge.TimeoutError, match="from the credentials provider within the 0.2 s"):
                await client.image_status(1, 2, timeout=0.2)
            await cancelled.wait()
            called.clear()
            cancelled.clear()
            call = asyncio.ensure_future(client.image_status(1, 2, timeout=3600))
            await called.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await cancelled.wait()

    with SilentServer() as server:
        asyncio.run(asyncio.wait_for(main(server.url), LONG))


def test_with_options_replaces_credentials_of_another_kind() -> None:
    with StatusServer(always) as server, Client(token="a-token", base_url=server.url) as client:
        with client.with_options(credentials_provider=CountingProvider()) as other:
            other.image_status(1, 2)
            with other.with_options(**KEYS) as third, third.with_options(retries=1) as fourth:
                fourth.image_status(1, 2)
    assert [request["authorization"].split()[0] for request in server.requests] == ["Bearer", "Basic"]


def test_credentials_do_not_show_or_serialize_their_secrets() -> None:
    for credentials in (Credentials(token="canary"), Credentials(access_key="canary", secret_key="canary")):
        assert "canary" not in f"{credentials!r} {credentials} {credentials:}"
        for keep in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="cannot pickle credentials"):
                keep(credentials)
        with pytest.raises(AttributeError):
            credentials.token = "other"  # type: ignore[attr-defined]
    for given in ({}, {"token": "a", "access_key": "b"}, {"access_key": "a"}):
        with pytest.raises(TypeError, match="expected token, or access_key and secret_key"):
            Credentials(**given)
    with pytest.raises(clanforge.ConfigurationError, match="invalid token of type bytes: expected a str"):
        Credentials(token=b"canary")  # type: ignore[call-overload]

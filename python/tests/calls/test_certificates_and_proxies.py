"""Certificates and proxies, with nginx as the service and squid on the way to it.

The service answers with as many completed machines as the version of HTTP has, and with one failed machine where a proxy
forwarded the request.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import clanforge

Addresses = dict[str, Any]
PLAIN = "http://service.example"


def ask(url: str, **settings: Any) -> tuple[int, int]:
    """Return what both clients are answered with."""
    settings = {"token": "t", "base_url": url, "retries": 0, "allow_http": True, **settings}

    async def ask_async() -> clanforge.ImageStatus:
        async with clanforge.AsyncClient(**settings) as client:
            return await client.image_status(1, 2)

    with clanforge.Client(**settings) as client:
        status = client.image_status(1, 2)
    assert status == asyncio.run(ask_async())
    return status.completed_machines, status.failed_machines


def refusal(url: str, **settings: Any) -> str:
    with pytest.raises(clanforge.ConnectionError) as raised:
        ask(url, **settings)
    assert raised.value.kind == "connection"
    return str(raised.value)


def assert_no_proxy_is_asked(url: str, **settings: Any) -> None:
    # Nobody is there without a proxy, and some networks take long to say so.
    with pytest.raises((clanforge.ConnectionError, clanforge.TimeoutError)) as raised:
        ask(url, connect_timeout=0.3, **settings)
    assert "proxy" not in str(raised.value)


def with_userinfo(proxy: str, userinfo: str) -> str:
    return proxy.replace("://", f"://{userinfo}@")


def test_a_server_that_must_not_be_trusted_is_refused_with_the_cause_and_the_trust_store(
    real_servers: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = real_servers["authority"]
    assert len(real_servers["untrusted"]) == 5
    for untrusted in real_servers["untrusted"]:
        start = f"no secure connection to {untrusted['url']} with"
        text = refusal(untrusted["url"], ca_file=authority)
        assert text.startswith(f"{start} ca_file {authority}")
        assert untrusted["cause"] in text
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            with monkeypatch.context() as environment:
                environment.setenv(name, authority)
                text = refusal(untrusted["url"])
            assert text.startswith(f"{start} the trust store of {name}={authority}")
            assert untrusted["cause"] in text
    text = refusal(real_servers["trusted"], ca_file=real_servers["stranger"])
    assert f"with ca_file {real_servers['stranger']}" in text
    assert "its issuer is not in that trust store" in text


@pytest.mark.parametrize(
    ("name", "store"),
    [
        ("SSL_CERT_FILE", "authority"),
        ("SSL_CERT_DIR", "authority_folder"),
        ("REQUESTS_CA_BUNDLE", "authority"),
        ("REQUESTS_CA_BUNDLE", "authority_folder"),
    ],
)
def test_a_file_or_a_folder_of_the_environment_is_trusted(
    real_servers: Addresses, monkeypatch: pytest.MonkeyPatch, name: str, store: str
) -> None:
    monkeypatch.setenv(name, real_servers[store])
    assert ask(real_servers["trusted"]) == (2, 0)
    assert ask(real_servers["without_http2"]) == (1, 0)


def test_an_argument_goes_before_the_environment_and_its_own_variables_before_those_of_requests(
    real_servers: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, authority, stranger = (real_servers[name] for name in ("trusted", "authority", "stranger"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", stranger)
    assert ask(trusted, ca_file=authority) == (2, 0)
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    assert ask(trusted) == (2, 0)
    monkeypatch.setenv("SSL_CERT_FILE", stranger)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    assert f"with the trust store of SSL_CERT_FILE={stranger}" in refusal(trusted)
    assert f"with ca_file {stranger}" in refusal(trusted, ca_file=stranger)
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.setenv("CURL_CA_BUNDLE", authority)
    assert "with the platform's trust store" in refusal(trusted)


def test_a_bundle_that_is_not_there_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such.pem")
    with pytest.raises(clanforge.ConfigurationError, match="the trust store of REQUESTS_CA_BUNDLE=/no/such.pem"):
        clanforge.Client(token="t")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such.pem")
    with pytest.raises(clanforge.ConfigurationError, match="the trust store of SSL_CERT_FILE=/no/such.pem"):
        clanforge.Client(token="t")


def test_a_proxy_leads_to_the_service_by_argument_and_by_environment(
    real_servers: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", real_servers["authority"])
    secure = f"https://service.example:{real_servers['service_port']}"
    guarded = [with_userinfo(proxy, real_servers["userinfo"]) for proxy in real_servers["guarded_proxies"]]
    for proxy in [*real_servers["open_proxies"], *guarded]:
        for url, name, answer in ((secure, "HTTPS_PROXY", (2, 0)), (PLAIN, "HTTP_PROXY", (1, 1))):
            assert ask(url, proxy=proxy) == answer
            with monkeypatch.context() as environment:
                environment.setenv(name, proxy)
                assert ask(url) == answer
                assert_no_proxy_is_asked(url, no_proxy=True)
                for no_proxy in ("*", "example", ".example", "service.example"):
                    environment.setenv("NO_PROXY", no_proxy)
                    assert_no_proxy_is_asked(url)
                environment.setenv("NO_PROXY", "other.example")
                assert ask(url) == answer


def test_a_proxy_that_leads_nowhere_is_named_without_its_password(real_servers: Addresses) -> None:
    secure = f"https://service.example:{real_servers['service_port']}"
    for url in (secure, PLAIN):
        for proxy in real_servers["guarded_proxies"]:
            settings = {"ca_file": real_servers["authority"]}
            assert refusal(url, proxy=proxy, **settings).startswith(f"the proxy {proxy} asks for credentials")
            text = refusal(url, proxy=with_userinfo(proxy, "user:a-wrong-password"), **settings)
            assert text.startswith(f"the proxy {proxy} does not accept the credentials")
            assert "a-wrong-password" not in text
        dead = real_servers["dead_proxy"]
        assert refusal(url, proxy=dead).startswith(f"no connection to the proxy {dead} on the way to {url}")

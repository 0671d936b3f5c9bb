"""Certificates and proxies, with nginx as the service and squid as the proxy.

The response has as many completed machines as the major version of HTTP, and one failed machine where a proxy forwarded the
request.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import clanforge

Addresses = dict[str, Any]
PLAIN = "http://service.example"


def ask(url: str, **settings: Any) -> tuple[int, int]:
    """Return the completed and failed machines that both clients read."""
    settings = {"token": "t", "base_url": url, "retries": 0, "allow_http": True, **settings}

    async def ask_async() -> clanforge.ImageStatus:
        async with clanforge.AsyncClient(**settings) as client:
            return await client.image_status(1, 2)

    with clanforge.Client(**settings) as client:
        status = client.image_status(1, 2)
    assert status == asyncio.run(ask_async())
    return status.completed_machines, status.failed_machines


def connection_error(url: str, **settings: Any) -> str:
    with pytest.raises(clanforge.ConnectionError) as raised:
        ask(url, **settings)
    assert raised.value.kind == "connection"
    return str(raised.value)


def assert_no_proxy_is_used(url: str, **settings: Any) -> None:
    # Without a proxy the host does not exist, which some networks report late.
    with pytest.raises((clanforge.ConnectionError, clanforge.TimeoutError)) as raised:
        ask(url, connect_timeout=0.3, **settings)
    assert "proxy" not in str(raised.value)


def with_userinfo(proxy: str, userinfo: str) -> str:
    return proxy.replace("://", f"://{userinfo}@")


def test_the_error_for_an_untrusted_server_names_the_cause_and_the_trust_store(
    real_servers: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = real_servers["authority"]
    assert len(real_servers["untrusted"]) == 5
    for untrusted in real_servers["untrusted"]:
        start = f"could not connect securely to {untrusted['url']} with"
        text = connection_error(untrusted["url"], ca_file=authority)
        assert text.startswith(f"{start} ca_file {authority}")
        assert untrusted["cause"] in text
        for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            with monkeypatch.context() as environment:
                environment.setenv(name, authority)
                text = connection_error(untrusted["url"])
            assert text.startswith(f"{start} the trust store of {name}={authority}")
            assert untrusted["cause"] in text
    text = connection_error(real_servers["trusted"], ca_file=real_servers["untrusted_authority"])
    assert f"with ca_file {real_servers['untrusted_authority']}" in text
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
def test_certificates_in_a_file_or_folder_of_the_environment_are_trusted(
    real_servers: Addresses, monkeypatch: pytest.MonkeyPatch, name: str, store: str
) -> None:
    monkeypatch.setenv(name, real_servers[store])
    assert ask(real_servers["trusted"]) == (2, 0)
    assert ask(real_servers["without_http2"]) == (1, 0)


def test_an_argument_precedes_ssl_cert_file_which_precedes_requests_ca_bundle(
    real_servers: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, authority, untrusted_authority = (real_servers[name] for name in ("trusted", "authority", "untrusted_authority"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", untrusted_authority)
    assert ask(trusted, ca_file=authority) == (2, 0)
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    assert ask(trusted) == (2, 0)
    monkeypatch.setenv("SSL_CERT_FILE", untrusted_authority)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority)
    assert f"with the trust store of SSL_CERT_FILE={untrusted_authority}" in connection_error(trusted)
    assert f"with ca_file {untrusted_authority}" in connection_error(trusted, ca_file=untrusted_authority)
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.setenv("CURL_CA_BUNDLE", authority)
    assert "with the platform's trust store" in connection_error(trusted)


def test_the_error_for_a_missing_ca_bundle_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such.pem")
    with pytest.raises(clanforge.ConfigurationError, match="the trust store of REQUESTS_CA_BUNDLE=/no/such.pem"):
        clanforge.Client(token="t")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such.pem")
    with pytest.raises(clanforge.ConfigurationError, match="the trust store of SSL_CERT_FILE=/no/such.pem"):
        clanforge.Client(token="t")


def test_a_proxy_comes_from_the_argument_or_the_environment(
    real_servers: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", real_servers["authority"])
    secure = f"https://service.example:{real_servers['service_port']}"
    authenticating = [with_userinfo(proxy, real_servers["userinfo"]) for proxy in real_servers["authenticating_proxies"]]
    for proxy in [*real_servers["open_proxies"], *authenticating]:
        for url, name, expected in ((secure, "HTTPS_PROXY", (2, 0)), (PLAIN, "HTTP_PROXY", (1, 1))):
            assert ask(url, proxy=proxy) == expected
            with monkeypatch.context() as environment:
                environment.setenv(name, proxy)
                assert ask(url) == expected
                assert_no_proxy_is_used(url, no_proxy=True)
                for no_proxy in ("*", "example", ".example", "service.example"):
                    environment.setenv("NO_PROXY", no_proxy)
                    assert_no_proxy_is_used(url)
                environment.setenv("NO_PROXY", "other.example")
                assert ask(url) == expected


def test_the_error_of_a_proxy_names_it_without_its_password(real_servers: Addresses) -> None:
    secure = f"https://service.example:{real_servers['service_port']}"
    for url in (secure, PLAIN):
        for proxy in real_servers["authenticating_proxies"]:
            settings = {"ca_file": real_servers["authority"]}
            assert connection_error(url, proxy=proxy, **settings).startswith(f"the proxy {proxy} requires authentication")
            text = connection_error(url, proxy=with_userinfo(proxy, "user:a-wrong-password"), **settings)
            assert text.startswith(f"the proxy {proxy} does not accept the credentials")
            assert "a-wrong-password" not in text
        dead = real_servers["dead_proxy"]
        assert connection_error(url, proxy=dead).startswith(f"could not connect to the proxy {dead} on the way to {url}")

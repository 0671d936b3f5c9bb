"""Calls to the simulator."""

from __future__ import annotations

import asyncio
import builtins
import inspect
import logging
import pickle
import socket
import textwrap
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

import clanforge
from clanforge import _clanforge, aio
from clanforge._generated.errors import BY_KIND

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path



def test_credentials_and_address_come_from_the_environment(
    service: clanforge.Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(clanforge.ConfigurationError, match="CLANFORGE_ACCESS_KEY"):
        clanforge.image_status(1, 2)
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    assert clanforge.image_status(1, 2).total_machines == 54
    assert asyncio.run(aio.image_status(1, 2, detail=True)).has_detail
    with clanforge.Client(token=service.token) as client:
        assert client.image_status(1, 2).total_machines == 54
        assert repr(client) == f"<clanforge.Client for {service.url}>"
    with clanforge.Client(access_key="other", secret_key="other") as client, pytest.raises(clanforge.AuthenticationError):
        client.image_status(1, 2)


def test_credentials_come_from_files_that_are_read_again_after_a_401(
    service: clanforge.Simulation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(service.token + "\n")
    monkeypatch.setenv("CLANFORGE_BASE_URL", service.url)
    monkeypatch.setenv("CLANFORGE_TOKEN_FILE", str(file))
    assert clanforge.image_status(1, 2).total_machines == 54
    file.write_text("canary\n")
    with clanforge.Client() as client:
        with pytest.raises(clanforge.AuthenticationError) as rejected:
            client.image_status(1, 2)
        file.write_text(service.token)
        assert client.image_status(1, 2).total_machines == 54
    monkeypatch.setenv("CLANFORGE_TOKEN", "canary")
    with pytest.raises(clanforge.ConfigurationError, match="CLANFORGE_TOKEN and CLANFORGE_TOKEN_FILE are both set") as both:
        clanforge.image_status(1, 2)
    assert "canary" not in f"{rejected.value!r} {rejected.value} {both.value!r} {both.value}"


def test_a_wait_ends_as_failed_when_machines_fail_and_stay_failed() -> None:
    with clanforge.simulate("failures-stay") as service, service.client() as client:
        outcome = client.wait(1, 2, baseline=client.baseline(1, 2))
        assert (outcome.kind, bool(outcome), outcome.freshness) == ("failed", False, "observed")
        with pytest.raises(clanforge.NotReadyError) as raised:
            outcome.raise_for_status()
        assert raised.value.outcome == outcome
        assert pickle.loads(pickle.dumps(raised.value)).outcome == outcome


def test_both_clients_return_readings_and_last_the_outcome() -> None:
    def watch() -> list[str]:
        with clanforge.simulate("happy") as service, service.client() as client:
            baseline = client.baseline(1, 2)
            return [update.update for update in client.watch(1, 2, baseline=baseline, gate=clanforge.Gate(per="region"))]

    async def watch_async() -> list[str]:
        with clanforge.simulate("happy") as service:
            async with service.async_client() as client:
                baseline = await client.baseline(1, 2)
                updates = client.watch(1, 2, baseline=baseline, gate=clanforge.Gate(per="region"))
                return [update.update async for update in updates]

    for updates in (watch(), asyncio.run(watch_async())):
        assert updates[-1] == "outcome"
        assert set(updates[:-1]) == {"reading"}


def test_both_clients_have_the_same_methods_and_signatures() -> None:
    names = {name for name in dir(clanforge.Client) if not name.startswith("_")}
    assert names == {name for name in dir(aio.AsyncClient) if not name.startswith("_")}
    for name in [*names, "__init__"]:
        blocking, asynchronous = (inspect.signature(getattr(each, name)) for each in (clanforge.Client, aio.AsyncClient))
        assert blocking.parameters == asynchronous.parameters, name
        returned = str(asynchronous.return_annotation).replace("Async", "")
        assert str(blocking.return_annotation) == returned, name
    assert inspect.signature(clanforge.image_status) == inspect.signature(aio.image_status)
    names = {name for name in dir(clanforge.Watch) if not name.startswith("_")}
    assert names == {name for name in dir(aio.AsyncWatch) if not name.startswith("_")}
    for name in names:
        blocking, asynchronous = (inspect.signature(getattr(each, name)) for each in (clanforge.Watch, aio.AsyncWatch))
        assert blocking == asynchronous, name


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_closed_client_rejects_calls(service: clanforge.Simulation, asynchronous: bool) -> None:
    if asynchronous:

        async def run() -> None:
            client = service.async_client()
            await client.close()
            await client.close()
            await client.image_status(1, 2)

        with pytest.raises(clanforge.ConfigurationError, match="closed"):
            asyncio.run(run())
    else:
        client = service.client()
        client.close()
        client.close()
        with pytest.raises(clanforge.ConfigurationError, match="closed"):
            client.image_status(1, 2)


def test_with_options_leaves_the_original_client_unchanged(service: clanforge.Simulation) -> None:
    with service.client() as client:
        other = client.with_options(token="wrong", timeout=timedelta(seconds=5))
        with pytest.raises(clanforge.AuthenticationError):
            other.image_status(1, 2)
        assert client.image_status(1, 2).total_machines == 54


def test_an_error_has_its_fields_and_no_secret() -> None:
    with clanforge.simulate("happy", image_id=7) as service, service.client() as client:
        with pytest.raises(clanforge.NotFoundError) as raised:
            client.image_status(1, 2)
        error = raised.value
        assert (error.kind, error.status, error.attempts) == ("not_found", 404, 1)
        assert error.elapsed > 0
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.to_dict(), str(again)) == (type(error), error.to_dict(), str(error))
        for text in (repr(error), str(error.to_dict()), repr(client), str(vars(error))):
            assert service.secret_key not in text
        with pytest.raises(TypeError, match="cannot pickle a client"):
            pickle.dumps(client)


def test_an_error_has_the_chain_of_its_causes() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with clanforge.Client(base_url=f"http://127.0.0.1:{port}", token="t", retries=0) as client:
            with pytest.raises(clanforge.ConnectionError) as caught:
                client.image_status(1, 2)
    for error in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        chain, cause = [], error.__cause__
        while cause is not None:
            chain.append(str(cause))
            cause = cause.__cause__
        assert tuple(chain) == error.causes
        (refused,) = chain
        assert "refused" in refused


def test_a_panic_raises_an_internal_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(clanforge.InternalError, match="bug in clanforge, please report it: out of order"):
        _clanforge.panic_for_tests("out of order")

    async def run() -> None:
        await aio._run(_clanforge.Call.panic_for_tests("out of order"), None)

    with pytest.raises(clanforge.InternalError, match="bug in clanforge, please report it: out of order"):
        asyncio.run(run())
    assert issubclass(clanforge.InternalError, Exception)
    capfd.readouterr()


def test_every_kind_of_error_has_a_class() -> None:
    kinds = BY_KIND
    assert len(kinds) == 15
    for kind, error in kinds.items():
        assert issubclass(error, clanforge.ClanforgeError)
        assert error.kind == kind
        assert getattr(clanforge, error.__name__) is error
    assert issubclass(clanforge.TimeoutError, TimeoutError)
    assert issubclass(clanforge.ConnectionError, ConnectionError)
    assert issubclass(clanforge.InternalError, Exception)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: clanforge.Client(access_key="key"), "`access_key` is set and `secret_key` is not"),
        (lambda: clanforge.Client(access_key="key", secret_key="s", token="t"), "unset one of them"),
        (lambda: clanforge.Client(token="t", base_url="http://example.com"), "http"),
        (lambda: clanforge.Client(token="t", timeout=float("nan")), "timeout"),
        (lambda: clanforge.Client(access_key="key", secret_key=1234567890), "invalid secret_key of type int: expected a string"),
        (lambda: clanforge.Client(token="t", timeout="1234567890"), "invalid timeout of type str"),
        (lambda: clanforge.Client(token="t", retries="1234567890"), "invalid retries of type str: expected an integer"),
        (lambda: clanforge.Client(token="t", timeout=-1), "timeout -1"),
        (lambda: clanforge.Client(token="t", ca_file="/no/such.pem"), "/no/such.pem"),
    ],
)
def test_invalid_settings_raise_a_configuration_error(make: Callable[[], Any], named: str) -> None:
    with pytest.raises(clanforge.ConfigurationError) as raised:
        make()
    assert named in str(raised.value)
    assert "1234567890" not in str(raised.value)


@pytest.mark.parametrize("asynchronous", [False, True])
def test_messages_are_logged_on_the_thread_of_the_caller(
    service: clanforge.Simulation, caplog: pytest.LogCaptureFixture, asynchronous: bool
) -> None:
    import threading

    threads = set()

    class Recorder(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            threads.add(threading.get_ident())

    logger = logging.getLogger("clanforge")
    recorder = Recorder()
    logger.addHandler(recorder)
    try:
        with caplog.at_level(logging.DEBUG, "clanforge"):
            if asynchronous:

                async def run() -> None:
                    async with service.async_client() as client:
                        await client.image_status(1, 2)

                asyncio.run(run())
            else:
                service.client().image_status(1, 2)
    finally:
        logger.removeHandler(recorder)
    assert caplog.records
    assert threads == {threading.get_ident()}
    assert service.secret_key not in caplog.text


WAIT_WITHOUT_BASELINE = textwrap.dedent("""
    import asyncio, clanforge

    # The counts are those of a completed rollout, and nothing proves that another one has started.
    OPTIONS = dict(start_grace=0.05, settle=0, min_interval=0.01, max_interval=0.02, timeout=60)


    def wait():
        with clanforge.Client() as client:
            return client.wait(1, 2, **OPTIONS)


    def watch():
        with clanforge.Client() as client, client.watch(1, 2, **OPTIONS) as updates:
            return list(updates)[-1]


    async def async_wait():
        async with clanforge.AsyncClient() as client:
            return await client.wait(1, 2, **OPTIONS)


    async def async_watch():
        async with clanforge.AsyncClient() as client, client.watch(1, 2, **OPTIONS) as updates:
            return [update async for update in updates][-1]
""")


@pytest.mark.parametrize("call", ["wait()", "watch()", "asyncio.run(async_wait())", "asyncio.run(async_watch())"])
@pytest.mark.parametrize("imports", ["", "import logging"])
def test_a_ready_outcome_that_is_only_assumed_logs_one_warning_by_default(
    call: str, imports: str, run_python: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    script = f"{imports}\n{WAIT_WITHOUT_BASELINE}\noutcome = {call}\nprint(outcome.kind, outcome.freshness)"
    finished = run_python(script)
    assert (finished.returncode, finished.stdout) == (0, "ready assumed\n"), finished.stderr
    assert finished.stderr.count("ready is only assumed") == 1
    assert finished.stderr.count("\n") == 1


def test_a_baseline_says_when_it_was_taken_and_a_doubtful_one_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def take(client: clanforge.AsyncClient) -> clanforge.Baseline:
        async with client:
            return await client.baseline(1234, 5678)

    with clanforge.simulate("happy") as service, service.client() as client:
        taken = client.baseline(1234, 5678)
        age = datetime.now(timezone.utc) - datetime.fromisoformat((taken.taken_at or "").replace("Z", "+00:00"))
        assert abs(age) < timedelta(minutes=10)
        assert clanforge.Baseline.from_json(taken.to_json()) == taken
        assert not caplog.records
    with clanforge.simulate("empty") as service, service.client() as client:
        for baseline in client.baseline(1234, 5678), asyncio.run(take(service.async_client())):
            client.watch(1234, 5678, baseline=baseline).close()
    problem = "the baseline has no machines: take the baseline when all machines run the previous version"
    assert caplog.messages == [f"{problem} account_service_id=1234 image_id=5678"] * 2


def test_a_wait_warns_of_an_old_baseline(caplog: pytest.LogCaptureFixture) -> None:
    with clanforge.simulate("happy") as service, service.client() as client:
        taken = client.baseline(1234, 5678)
        old = clanforge.Baseline(taken.image, taken.status, "2026-01-31T12:00:00Z")
        with client.watch(1234, 5678, baseline=old) as updates:
            reading = next(updates)
        assert isinstance(reading, clanforge.ReadingTaken)
        assert len(reading.warnings) == 1 and reading.warnings[0] in caplog.text
        with pytest.raises(clanforge.ConfigurationError, match=r"invalid time \"noon\": expected .* 2026-01-31T12:00:00Z"):
            client.watch(1234, 5678, baseline=clanforge.Baseline(taken.image, taken.status, "noon"))


def test_a_logger_above_warnings_gets_no_message_of_an_assumption(
    run_python: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    silent = 'import logging\nlogging.getLogger("clanforge").setLevel(logging.ERROR)'
    finished = run_python(f"{silent}\n{WAIT_WITHOUT_BASELINE}\nprint(wait().freshness)")
    assert (finished.stdout, finished.stderr) == ("assumed\n", "")


def test_importing_everything_replaces_no_built_in_name() -> None:
    assert not set(clanforge.__all__) & set(vars(builtins))
    assert issubclass(clanforge.ConnectionError, ConnectionError)
    assert issubclass(clanforge.TimeoutError, TimeoutError)


def test_a_client_whose_settings_were_refused_has_a_repr() -> None:
    client = clanforge.Client.__new__(clanforge.Client)
    with pytest.raises(clanforge.ConfigurationError):
        client.__init__(retries=-1)  # type: ignore[misc]
    assert repr(client) == "<clanforge.Client (closed)>"

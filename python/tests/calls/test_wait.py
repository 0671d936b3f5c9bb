"""What a wait takes beside its options, and how an image is named."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any

import pytest
from servers import StatusServer

import clanforge
from clanforge import ImageRef, aio

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGE = ImageRef(1, 2)

# The image of the server has three completed machines.
READY: Any = {"start_grace": 0, "min_interval": 0.01, "max_interval": 0.01}
NEVER_READY: Any = {**READY, "gate": clanforge.Gate(min_completed=4), "timeout": 0.05}


def wait(is_async: bool, **arguments: Any) -> clanforge.Outcome:
    with StatusServer(lambda _: 200) as server:
        if not is_async:
            with clanforge.Client(token="t", base_url=server.url) as client:
                return client.wait(IMAGE, **arguments)

        async def run() -> clanforge.Outcome:
            async with aio.AsyncClient(token="t", base_url=server.url) as client:
                return await client.wait(IMAGE, **arguments)

        return asyncio.run(run())


@pytest.mark.parametrize("is_async", [False, True])
def test_a_checked_wait_raises_unless_the_outcome_is_ready(is_async: bool) -> None:
    assert wait(is_async, check=True, **READY).is_ready
    assert wait(is_async, **NEVER_READY).kind == "timed_out"
    with pytest.raises(clanforge.NotReadyError) as raised:
        wait(is_async, check=True, **NEVER_READY)
    assert raised.value.outcome.kind == "timed_out"


@pytest.mark.parametrize("is_async", [False, True])
def test_on_update_gets_every_update_and_the_outcome(is_async: bool) -> None:
    updates: list[clanforge.Update] = []
    outcome = wait(is_async, on_update=updates.append, **READY)
    assert updates[-1] == outcome
    assert {update.update for update in updates[:-1]} == {"reading"}
    assert len(updates) == outcome.readings + 1


def test_on_update_of_an_asynchronous_wait_may_be_a_coroutine_function() -> None:
    updates: list[clanforge.Update] = []

    async def keep(update: clanforge.Update) -> None:
        await asyncio.sleep(0)
        updates.append(update)

    outcome = wait(True, on_update=keep, **READY)
    assert len(updates) == outcome.readings + 1


@pytest.mark.parametrize("is_async", [False, True])
def test_an_exception_of_on_update_ends_the_wait(is_async: bool) -> None:
    updates: list[clanforge.Update] = []

    def refuse(update: clanforge.Update) -> None:
        updates.append(update)
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        wait(is_async, on_update=refuse, **READY)
    assert len(updates) == 1


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"check": 1}, "invalid check 1: expected True or False"), ({"on_update": 5}, "invalid on_update 5: expected a function")],
)
def test_arguments_of_a_wait_are_checked_before_it_starts(is_async: bool, arguments: Any, message: str) -> None:
    with pytest.raises(clanforge.ArgumentTypeError, match=message):
        wait(is_async, **{**NEVER_READY, "timeout": None, **arguments})


CALLS: dict[str, Callable[..., Any]] = {
    "image_status": lambda client, *image, **ids: client.image_status(*image, **ids),
    "baseline": lambda client, *image, **ids: client.baseline(*image, **ids).status,
    "watch": lambda client, *image, **ids: next(client.watch(*image, **ids)).status,
    "wait": lambda client, *image, **ids: client.wait(*image, timeout=0.01, start_grace=0, **ids).status,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_image_is_an_image_ref_or_two_ids_or_one_in_the_account_service_of_the_environment(
    call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with clanforge.simulate(account_service_id=ImageRef(1234, 5678)) as service, service.client() as client:
        with pytest.raises(clanforge.ConfigurationError, match="missing account_service_id: pass it, or set CLANFORGE_ACCOUNT_SERVICE_ID"):
            call(client, image_id=5678)
        monkeypatch.setenv("CLANFORGE_ACCOUNT_SERVICE_ID", "1234")
        for image in ([1234, 5678], [ImageRef(1234, 5678)], [None, 5678]):
            assert call(client, *image).total_machines == 54
        assert call(client, image_id=5678).total_machines == 54
        assert call(client, account_service_id=1234, image_id=5678).total_machines == 54
        for image in ([], [1234]):
            with pytest.raises(TypeError, match="missing image_id: expected account_service_id and image_id, or an ImageRef"):
                call(client, *image)
        with pytest.raises(TypeError, match="unexpected argument 'image_id': an ImageRef has both"):
            call(client, ImageRef(1234, 5678), 5678)
        monkeypatch.setenv("CLANFORGE_ACCOUNT_SERVICE_ID", "canary")
        with pytest.raises(clanforge.ConfigurationError, match="^CLANFORGE_ACCOUNT_SERVICE_ID is not a number$"):
            call(client, image_id=5678)


def test_functions_and_asynchronous_clients_take_an_image_ref(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[int]:
        async with service.async_client() as client:
            first = await anext(client.watch(IMAGE))
            assert first.update == "reading"
            statuses = [await client.image_status(IMAGE), (await client.baseline(IMAGE)).status, first.status, await aio.image_status(IMAGE)]
            return [status.total_machines for status in statuses]

    with clanforge.simulate(account_service_id=1, image_id=2) as service:
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        assert clanforge.image_status(IMAGE).total_machines == 54
        assert asyncio.run(run()) == [54] * 4


def logged(caplog: pytest.LogCaptureFixture, level: int) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "clanforge" and record.levelno == level]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_wait_logs_what_the_rollout_does_at_info(is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        async with service.async_client() as client:
            await client.wait(IMAGE, baseline=await client.baseline(IMAGE))

    caplog.set_level(logging.INFO, logger="clanforge")
    with clanforge.simulate("happy") as service:
        if is_async:
            asyncio.run(run())
        else:
            with service.client() as client:
                client.wait(IMAGE, baseline=client.baseline(IMAGE))
    simulated, started, half, confirmed = logged(caplog, logging.INFO)
    assert simulated == f"{service.url} is a simulation: waits skip time"
    image = r"account_service_id=1 image_id=2"
    assert re.fullmatch(rf"the rollout has started: \d+ of 54 machines completed {image}", started)
    assert re.fullmatch(rf"the rollout is half done: (2[7-9]|[3-5]\d) of 54 machines completed {image}", half)
    assert confirmed == f"confirmed ready: 54 of 54 machines completed, 0 pending, 0 failed {image}"
    assert not logged(caplog, logging.WARNING)


def test_a_wait_logs_what_goes_wrong_as_warnings(caplog: pytest.LogCaptureFixture) -> None:
    with StatusServer(lambda number: 503 if number == 0 else 200) as server:
        with clanforge.Client(token="t", base_url=server.url) as client:
            client.wait(IMAGE, **{**NEVER_READY, "timeout": 0.3})
    failed, _, ended = logged(caplog, logging.WARNING)
    assert failed.startswith("a reading failed: HTTP 503")
    assert ended.startswith("the wait ended as timed_out: ")
    assert failed.endswith(" account_service_id=1 image_id=2") and ended.endswith(" account_service_id=1 image_id=2")


def test_a_wait_that_failed_is_logged_with_its_kind_once(caplog: pytest.LogCaptureFixture) -> None:
    with clanforge.simulate("failures-stay") as service, service.client() as client:
        client.wait(IMAGE, baseline=client.baseline(IMAGE))
    assert re.match("the wait ended as failed: (?!failed)", logged(caplog, logging.WARNING)[-1])


def test_requests_are_logged_with_host_and_image_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="clanforge")
    with StatusServer(lambda _: 200) as server, clanforge.Client(token="t", base_url=f"{server.url}/gateway-secret") as client:
        client.image_status(IMAGE)
    request, *_ = logged(caplog, logging.DEBUG)
    assert request.startswith(f'request host="{server.url}" path="/')
    assert "/1/" in request and "/2" in request
    assert "gateway-secret" not in caplog.text


LOCKED = '{"error": true, "error_code": 1, "error_message": "image locked by diffid: 218595"}'


@pytest.mark.parametrize("is_async", [False, True])
def test_a_baseline_is_retried_while_the_service_refuses_for_as_long_as_asked(is_async: bool) -> None:
    def baseline(refusals: int, **options: Any) -> clanforge.Baseline:
        with StatusServer(lambda number: 400 if number < refusals else 200, LOCKED) as server:
            settings: Any = {"token": "t", "base_url": server.url}

            async def run() -> clanforge.Baseline:
                async with aio.AsyncClient(**settings) as client:
                    return await client.baseline(IMAGE, **options)

            if is_async:
                return asyncio.run(run())
            with clanforge.Client(**settings) as client:
                return client.baseline(IMAGE, **options)

    assert baseline(1, retry_for=60, timeout=30, retries=1).status.completed_machines == 3
    for retry_for in (0, 0.01):
        with pytest.raises(clanforge.ApiError, match="image locked by diffid: 218595"):
            baseline(10, retry_for=retry_for)
    with pytest.raises(TypeError, match="invalid retry_for 'x': expected a number of seconds"):
        baseline(0, retry_for="x")
    with pytest.raises(TypeError, match="detail"):
        baseline(0, detail=True)

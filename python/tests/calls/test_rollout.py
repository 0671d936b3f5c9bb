"""Rollouts: baselines, the deployment, the wait."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

import clanforge
from clanforge import ImageRef

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IMAGES = [ImageRef(1, 2), ImageRef(1, 3)]


def rollout(
    is_async: bool, service: clanforge.Simulation, deploy: Callable[[], object], images: Any = IMAGES, **options: Any
) -> clanforge.Rollout | clanforge.AsyncRollout:
    if not is_async:
        with service.client() as client:
            block = client.rollout(images, **options)
            try:
                with block as entered:
                    assert entered is block
                    deploy()
            except clanforge.NotReadyError as error:
                assert error.outcome is block.outcome
            return block

    async def run() -> clanforge.AsyncRollout:
        async with service.async_client() as client:
            block = client.rollout(images, **options)
            try:
                async with block as entered:
                    assert entered is block
                    deploy()
            except clanforge.NotReadyError as error:
                assert error.outcome is block.outcome
            return block

    return asyncio.run(run())


def nothing() -> None:
    pass


@pytest.mark.parametrize("is_async", [False, True])
def test_leaving_the_block_waits_until_every_image_is_ready(is_async: bool) -> None:
    updates: list[clanforge.Update] = []
    with clanforge.simulate("happy") as service:
        block = rollout(is_async, service, nothing, on_update=updates.append)
    assert block.outcome.ready and block.outcome.is_ready
    assert str(block.outcome) == block.outcome.reason == "every image is ready"
    assert [each.outcome and each.outcome.freshness for each in block.outcome.outcomes] == ["observed", "observed"]
    assert [baseline.image for baseline in block.baselines] == IMAGES
    assert all(baseline.status.has_detail and baseline.taken_at for baseline in block.baselines)
    assert {update.image for update in updates} == set(IMAGES)


@pytest.mark.parametrize("is_async", [False, True])
def test_a_rollout_writes_its_report(is_async: bool, tmp_path: Path) -> None:
    file = tmp_path / "report.md"
    with clanforge.simulate("happy") as service:
        rollout(is_async, service, nothing, report=file)
    assert file.read_text().count("## Ready after ") == len(IMAGES)


@pytest.mark.parametrize("is_async", [False, True])
def test_leaving_the_block_raises_unless_every_image_is_ready(is_async: bool) -> None:
    with clanforge.simulate("failures-stay") as service:
        block = rollout(is_async, service, nothing, IMAGES[0])
    assert (block.outcome.ready, block.outcome.exit_code) == (False, 1)
    assert not block.outcome.is_ready
    with pytest.raises(clanforge.NotReadyError, match="image 2 .*failed") as raised:
        block.outcome.raise_for_status()
    assert str(raised.value) == str(block.outcome)


@pytest.mark.parametrize("is_async", [False, True])
def test_nothing_is_waited_for_if_the_block_raises(is_async: bool) -> None:
    def deploy() -> None:
        raise LookupError("no such version")

    with clanforge.simulate("happy") as service:
        with pytest.raises(LookupError, match="no such version"):
            rollout(is_async, service, deploy)
        assert service.requests == len(IMAGES)


def test_a_block_that_raised_has_no_outcome() -> None:
    with clanforge.simulate("happy") as service, service.client() as client:
        block = client.rollout(IMAGES)
        with pytest.raises(LookupError), block:
            raise LookupError
        with pytest.raises(clanforge.ConfigurationError, match="the rollout has no outcome"):
            _ = block.outcome


def busy(pending: int) -> dict[str, Any]:
    """A scenario in which a share of 40 machines is pending from the beginning."""
    counts = {"pending_machines": pending, "failed_machines": 0, "completed_machines": 40 - pending}
    return {"description": "busy", "responses": [{"kind": "response", "body": json.dumps(counts)}]}


@pytest.mark.parametrize("is_async", [False, True])
def test_a_block_does_not_begin_while_another_rollout_is_running(is_async: bool) -> None:
    deployed: list[bool] = []

    def deploy() -> None:
        deployed.append(True)
        raise LookupError

    with clanforge.simulate(busy(20)) as service:
        with pytest.raises(clanforge.BusyError, match="image 2 .*: another rollout is running: 20 of 40 machines are pending; .*allow_busy") as raised:
            rollout(is_async, service, deploy)
        assert not deployed
        assert (raised.value.exit_code, raised.value.kind) == (8, "busy")
        with pytest.raises(LookupError):
            rollout(is_async, service, deploy, allow_busy=True)
        assert deployed


def test_fewer_pending_machines_are_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="clanforge")
    with clanforge.simulate(busy(19)) as service, service.client() as client, pytest.raises(LookupError), client.rollout(IMAGES):
        raise LookupError
    assert "19 of 40 machines pending" in caplog.text


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": 1}, "invalid images 1: expected a list"),
        ({"allow_busy": 1}, "invalid allow_busy 1: expected True or False"),
        ({"assume_deployed": 1}, "invalid assume_deployed 1: expected True or False"),
        ({"on_update": 1}, "invalid on_update 1: expected a function"),
        ({"on_update": lambda: None}, "invalid on_update .*: expected a function that takes an update"),
        ({"min_interval": 9, "max_interval": 3}, "min_interval"),
        ({"baselines": []}, "unexpected argument 'baselines': expected one of allow_busy, assume_deployed, on_update, policy"),
    ],
)
def test_arguments_are_checked_before_a_rollout_begins(is_async: bool, arguments: Any, message: str) -> None:
    client: Any = (clanforge.AsyncClient if is_async else clanforge.Client)(token="t")
    with pytest.raises(clanforge.ConfigurationError, match=message):
        client.rollout(**{"images": IMAGES, **arguments})


@pytest.mark.parametrize("is_async", [False, True])
def test_what_would_end_the_wait_is_refused_before_the_deployment(is_async: bool, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("#!/bin/sh\n")
    with clanforge.simulate("happy") as service:
        for images, options, error, message in [
            ([], {}, clanforge.ConfigurationError, "there are no images to wait for"),
            (IMAGES + IMAGES, {}, clanforge.ConfigurationError, "image 2 .* is named twice"),
            (IMAGES, {"record": tmp_path / "missing" / "file"}, clanforge.LocalError, "could not write .*file"),
            (IMAGES, {"report": tmp_path / "missing" / "file.html"}, clanforge.LocalError, "could not write .*file.html"),
            (IMAGES, {"report": tmp_path / "file.pdf"}, clanforge.ConfigurationError, "ends in .html, .svg or .md"),
            (IMAGES, {"record": tmp_path / "other"}, clanforge.ConfigurationError, "other is not a recording"),
        ]:
            with pytest.raises(error, match=message):
                rollout(is_async, service, lambda: pytest.fail("it was deployed"), images, **options)
            with pytest.raises(error, match=message):
                run(is_async, service, lambda: pytest.fail("it was deployed"), images, **options)
        with pytest.raises(clanforge.ConfigurationError, match="could not write .*missing/state"):
            run(is_async, service, lambda: pytest.fail("it was deployed"), state=tmp_path / "missing" / "state")
        assert service.requests == 0


def run(
    is_async: bool, service: clanforge.Simulation, deploy: Any, images: Any = IMAGES, **options: Any
) -> clanforge.CombinedOutcome:
    """Run a rollout with this function as its deployment."""
    if not is_async:
        with service.client() as client:
            return client.rollout(images, **options).run(deploy)

    async def rolled_out() -> clanforge.CombinedOutcome:
        async with service.async_client() as client:
            return await client.rollout(images, **options).run(deploy)

    return asyncio.run(rolled_out())


@pytest.mark.parametrize("is_async", [False, True])
def test_a_rollout_with_a_state_never_deploys_again(is_async: bool, tmp_path: Path) -> None:
    options = {"state": tmp_path / "rollout.json"}
    with clanforge.simulate("happy") as service:
        # Nothing records how an interrupted deployment ended.
        def interrupted() -> None:
            raise KeyboardInterrupt

        def never() -> None:
            pytest.fail("it was deployed again")

        with pytest.raises(KeyboardInterrupt):
            run(is_async, service, interrupted, **options)
        with pytest.raises(clanforge.DeployError, match="its result is unknown: it still runs, or was interrupted; .*assume_deployed") as raised:
            run(is_async, service, never, **options)
        assert raised.value.exit_code == 7
        outcome = run(is_async, service, never, assume_deployed=True, **options)
        assert [each.outcome and each.outcome.freshness for each in outcome.outcomes] == ["observed", "observed"]
        requests = service.requests
        assert run(is_async, service, never, **options).ready
        assert service.requests == requests


@pytest.mark.parametrize("is_async", [False, True])
def test_a_state_remembers_why_a_deployment_failed(is_async: bool, tmp_path: Path) -> None:
    def deploy() -> None:
        raise LookupError("no such version")

    options = {"state": tmp_path / "rollout.json"}
    with clanforge.simulate("happy") as service:
        with pytest.raises(LookupError):
            run(is_async, service, deploy, **options)
        with pytest.raises(clanforge.DeployError, match="failed before: LookupError: no such version"):
            run(is_async, service, deploy, **options)
        assert service.requests == len(IMAGES)


def test_a_coroutine_function_deploys() -> None:
    deployed = []

    async def deploy() -> None:
        await asyncio.sleep(0)
        deployed.append(True)

    with clanforge.simulate("happy") as service:
        assert run(True, service, deploy).ready
    assert deployed


def test_a_blocking_rollout_refuses_a_deployment_that_nobody_would_await(tmp_path: Path) -> None:
    async def deploy() -> None:
        pytest.fail("it was deployed")

    class Deployment:
        async def __call__(self) -> None:
            await deploy()

    with clanforge.simulate("happy") as service:
        for function in (deploy, functools.partial(deploy), Deployment()):
            with pytest.raises(TypeError, match="invalid deploy .*: expected a plain function; for a coroutine function, use AsyncClient") as raised:
                run(False, service, function, state=tmp_path / "rollout.json")
            assert isinstance(raised.value, clanforge.ConfigurationError)
        assert (service.requests, list(tmp_path.iterdir())) == (0, [])
        with pytest.raises(TypeError, match="invalid result of deploy <coroutine .*: expected no awaitable; for a coroutine function, use AsyncClient"):
            run(False, service, lambda: deploy(), state=tmp_path / "rollout.json")
        assert service.requests == len(IMAGES)
        with pytest.raises(clanforge.DeployError, match="failed before: ArgumentTypeError: invalid result of deploy"):
            run(False, service, lambda: None, state=tmp_path / "rollout.json")


def test_a_block_with_a_state_is_refused_because_it_would_run_again(tmp_path: Path) -> None:
    with clanforge.simulate("happy") as service, service.client() as client:
        block = client.rollout(IMAGES, state=tmp_path / "rollout.json")
        with pytest.raises(clanforge.ConfigurationError, match="would start the rollout again: use .*run"), block:
            pytest.fail("it was deployed")
        with pytest.raises(clanforge.ConfigurationError, match="invalid deploy None"):
            block.run(None)  # type: ignore[arg-type]

"""Waits for several images at once."""

from __future__ import annotations

import asyncio
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from servers import StatusServer

import clanforge
from clanforge import Baseline, CombinedOutcome, ImageRef, Monitor

if TYPE_CHECKING:
    from pathlib import Path

IMAGES = [ImageRef(1, 2), ImageRef(1, 3)]

# The images of the server have three completed machines.
READY: Any = {"start_grace": 0, "settle": 0, "min_interval": 0.01, "max_interval": 0.01}
NEVER_READY: Any = {**READY, "gate": clanforge.Gate(min_completed=4), "timeout": 0.05}


def wait_all(is_async: bool, images: Any = IMAGES, **arguments: Any) -> CombinedOutcome:
    with StatusServer(lambda _: 200) as server:
        if not is_async:
            with clanforge.Client(token="t", base_url=server.url) as client:
                return client.wait_all(images, **arguments)

        async def run() -> CombinedOutcome:
            async with clanforge.AsyncClient(token="t", base_url=server.url) as client:
                return await client.wait_all(images, **arguments)

        return asyncio.run(run())


@pytest.mark.parametrize("is_async", [False, True])
def test_each_image_has_its_outcome_in_the_order_in_which_they_were_named(is_async: bool) -> None:
    outcome = wait_all(is_async, [(1, 3), ImageRef(1, 2)], **READY)
    assert [each.image for each in outcome.outcomes] == [ImageRef(1, 3), ImageRef(1, 2)]
    assert all(each.is_ready and each.outcome and each.outcome.image == each.image for each in outcome.outcomes)
    assert outcome.outcomes[0].outcome is not None and outcome.outcomes[0].outcome.status is not None
    assert outcome.outcomes[0].outcome.status.counts.completed_machines == 3
    assert (outcome.ready, bool(outcome), outcome.exit_code) == (True, True, 0)


@pytest.mark.parametrize("is_async", [False, True])
def test_a_checked_wait_raises_unless_every_image_is_ready(is_async: bool) -> None:
    assert wait_all(is_async, check=True, **READY).ready
    with pytest.raises(clanforge.NotReadyError, match="image 2 .*image 3 ") as raised:
        wait_all(is_async, check=True, **NEVER_READY)
    assert isinstance(raised.value.outcome, CombinedOutcome)
    assert raised.value.exit_code == raised.value.outcome.exit_code == 124
    assert raised.value.to_dict()["outcome"] == raised.value.outcome.to_dict()


@pytest.mark.parametrize("is_async", [False, True])
def test_on_update_gets_the_updates_of_every_image(is_async: bool) -> None:
    updates: list[clanforge.Update] = []
    outcome = wait_all(is_async, on_update=updates.append, **READY)
    for each in outcome.outcomes:
        own = [update for update in updates if update.image == each.image]
        assert own[-1] == each.outcome
        assert {update.update for update in own[:-1]} == {"reading"}


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": []}, "there are no images to wait for"),
        ({"images": IMAGES + IMAGES}, "image 2 .* is named twice"),
        ({"images": (1, 2)}, "invalid images 1: expected a list of clanforge.ImageRef, or of pairs"),
        ({"images": 1}, "invalid images 1: expected a list"),
        ({"images": [(1, "x")]}, "invalid image_id 'x': expected an integer"),
        ({"baselines": 5}, "invalid baselines 5: expected a list of clanforge.Baseline"),
        ({"baselines": [5]}, "invalid baselines 5: expected a clanforge.Baseline"),
        ({"baseline": None}, "unexpected argument 'baseline': expected one of check, on_update, .*baselines"),
        ({"check": 1}, "invalid check 1: expected True or False"),
    ],
)
def test_arguments_are_checked(is_async: bool, arguments: Any, message: str) -> None:
    with pytest.raises(clanforge.ConfigurationError, match=message):
        wait_all(is_async, **arguments)


def test_a_baseline_of_another_image_is_refused() -> None:
    status = clanforge.ImageStatus(clanforge.MachineCounts(0, 0, 3))
    with pytest.raises(clanforge.ConfigurationError, match="a baseline is of image 9 "):
        wait_all(False, baselines=[Baseline(ImageRef(1, 9), status)])


def test_the_first_image_that_fails_ends_the_wait_unless_fail_fast_is_false() -> None:
    """Without a baseline, failed machines count once the rollout has started."""
    with clanforge.simulate("failures-stay") as service, service.client() as client:
        before = [client.baseline(image) for image in IMAGES]
        outcome = client.wait_all(IMAGES, baselines=before)
        decided = [each.outcome.kind for each in outcome.outcomes if each.outcome is not None]
        assert (outcome.ready, outcome.exit_code, decided) == (False, 1, ["failed"])
        outcome = client.wait_all(IMAGES, fail_fast=False)
        assert [each.outcome is not None for each in outcome.outcomes] == [True, True]


@pytest.mark.parametrize("is_async", [False, True])
def test_an_error_that_ends_the_wait_for_an_image_is_part_of_the_outcome(is_async: bool) -> None:
    with StatusServer(lambda _: 401) as server:
        if is_async:

            async def run() -> CombinedOutcome:
                async with clanforge.AsyncClient(token="t", base_url=server.url) as client:
                    return await client.wait_all(IMAGES)

            outcome = asyncio.run(run())
        else:
            with clanforge.Client(token="t", base_url=server.url) as client:
                outcome = client.wait_all(IMAGES)
    errors = [each.error for each in outcome.outcomes if each.error is not None]
    assert [(error.kind, error.status) for error in errors] == [("authentication", 401)]
    assert (outcome.ready, outcome.exit_code) == (False, 4)
    assert [each.outcome for each in outcome.outcomes] == [None, None]
    with pytest.raises(clanforge.NotReadyError, match="401"):
        outcome.raise_for_status()


def test_a_combined_outcome_is_a_value() -> None:
    outcome = wait_all(False, **READY)
    again = CombinedOutcome.from_json(outcome.to_json())
    assert outcome == again == pickle.loads(pickle.dumps(outcome))
    assert hash(outcome) == hash(again)
    with pytest.raises(AttributeError):
        outcome.ready = False  # type: ignore[misc]
    assert outcome.to_dict()["outcomes"][0]["outcome"]["summary"]["readiness"] == "ready"


@pytest.mark.parametrize("is_async", [False, True])
def test_leaving_the_block_of_a_watch_ends_every_wait(is_async: bool) -> None:
    with clanforge.simulate("happy") as service:
        if is_async:

            async def run() -> clanforge.AsyncWatchAll:
                async with service.async_client() as client, client.watch_all(IMAGES) as updates:
                    async for update in updates:
                        assert update.update == "reading"
                        break
                return updates

            left = asyncio.run(run())
            with pytest.raises(clanforge.ConfigurationError, match="has no outcome"):
                asyncio.run(left.outcome())
        else:
            with service.client() as client, client.watch_all(IMAGES) as updates:
                assert next(updates).update == "reading"
            with pytest.raises(clanforge.ConfigurationError, match="has no outcome"):
                updates.outcome()


def test_the_outcome_of_a_watch_is_known_after_it_was_read_and_closed() -> None:
    with StatusServer(lambda _: 200) as server, clanforge.Client(token="t", base_url=server.url) as client:
        with client.watch_all(IMAGES, **READY) as updates:
            assert len(list(updates)) == 6
        assert updates.outcome().ready


@pytest.mark.parametrize("name", ["record", "report", "state"])
def test_a_file_whose_name_is_not_utf_8_is_refused_by_name(name: str) -> None:
    file: dict[str, Any] = {name: "\udcff.html"}
    with clanforge.simulate("happy") as service, service.client() as client:
        with pytest.raises(clanforge.ConfigurationError, match=f"^invalid {name} .*: expected a path in UTF-8$"):
            client.wait_all([(1, 2)], **file)
        assert service.requests == 0


def test_a_recording_has_the_wait_of_each_image(tmp_path: Path) -> None:
    file = tmp_path / "waits.jsonl"
    outcome = wait_all(False, record=file, **READY)
    recorded = clanforge.read_recording(file)
    assert {wait.image: wait.updates[-1] for wait in recorded} == {each.image: each.outcome for each in outcome.outcomes}


@pytest.mark.parametrize("is_async", [False, True])
def test_a_report_has_the_wait_of_each_image(is_async: bool, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    wait_all(is_async, report=file, **READY)
    assert file.read_text().count('<h1 class="ready">Ready after ') == len(IMAGES)
    with pytest.raises(clanforge.ConfigurationError, match=r"invalid report 1: expected a string"):
        wait_all(is_async, report=1, **READY)


@pytest.mark.parametrize("is_async", [False, True])
def test_a_wait_continues_from_its_file(is_async: bool, tmp_path: Path) -> None:
    one, several = tmp_path / "one.json", tmp_path / "several.json"

    class Killed(Exception):
        pass

    def kill(_: clanforge.Update) -> None:
        raise Killed

    for _ in range(2):
        with pytest.raises(Killed):
            wait_all(is_async, state=several, on_update=kill, **READY)
    outcome = wait_all(is_async, state=several, **READY)
    assert outcome.ready
    assert all(each.outcome is not None and each.outcome.readings == 2 for each in outcome.outcomes)

    with StatusServer(lambda _: 200) as server, clanforge.Client(token="t", base_url=server.url) as client:
        with pytest.raises(Killed):
            client.wait(IMAGES[0], state=one, on_update=kill, **READY)
        assert client.wait(IMAGES[0], state=one, **READY).readings == 2


def test_a_monitor_that_is_restored_after_each_reading_decides_the_same() -> None:
    with clanforge.simulate("happy", speed=1) as service, service.client() as client:
        before = client.baseline(1, 2)
        whole, parts = (Monitor(ImageRef(1, 2), baseline=before) for _ in range(2))
        elapsed = 0.0
        for _ in range(10_000):
            status = client.image_status(1, 2, detail=True)
            expected = whole.observe(elapsed, status)
            parts = Monitor.restore(parts.snapshot())
            assert parts.observe(elapsed, status) == expected
            if expected.next_reading is None:
                break
            service.advance(expected.next_reading)
            elapsed += expected.next_reading
    assert expected.outcome is not None and expected.outcome.is_ready
    assert Monitor.restore(parts.snapshot()).has_started


@pytest.mark.parametrize("text", ["", "{}", '{"version": 2}'])
def test_a_text_that_is_no_snapshot_is_refused(text: str) -> None:
    with pytest.raises(clanforge.ConfigurationError, match="invalid"):
        Monitor.restore(text)
    with pytest.raises(clanforge.ArgumentTypeError, match="invalid snapshot None: expected a string"):
        Monitor.restore(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["[1]", "1", "null"])
def test_json_that_is_no_outcome_is_refused(text: str) -> None:
    for model in (clanforge.Outcome, clanforge.CombinedOutcome):
        with pytest.raises(clanforge.ConfigurationError, match="invalid .*Outcome: "):
            model.from_json(text)

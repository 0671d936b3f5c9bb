"""The shared cases, which have the same result in every language, run through the public API."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from conftest import ROOT

import clanforge
from clanforge import Baseline, Gate, ImageRef, ImageStatus, MachineCounts, Monitor, Policy, ReadFailure

FOLDER = ROOT / "tests" / "cases"
IMAGE = ImageRef(1234, 5678)


def read() -> list[Any]:
    cases = []
    for file in sorted(FOLDER.glob("*/*.json")):
        content = json.loads(file.read_text())
        assert content["kind"] == file.parent.name
        assert content["cases"]
        cases += [pytest.param(content["kind"], case, id=f"{file.parent.name}-{file.stem}-{case['name']}") for case in content["cases"]]
    assert {case.values[0] for case in cases} == {"decode", "summary", "gate", "monitor"}
    return cases


@pytest.mark.parametrize(("kind", "case"), read())
def test_a_shared_case_has_its_expected_result(kind: str, case: dict[str, Any]) -> None:
    {"decode": decode, "summary": summary, "gate": gate, "monitor": monitor}[kind](case)


def decode(case: dict[str, Any]) -> None:
    body = base64.b64decode(case["body_base64"]) if "body_base64" in case else case["body"].encode()
    expected = case["expect"]
    if "status" in expected:
        status = ImageStatus.from_json(body)
        assert status.to_dict() == expected["status"]
        assert ImageStatus(status.counts, status.fleets) == status
    elif "api_error" in expected:
        with pytest.raises(clanforge.ApiError) as raised:
            ImageStatus.from_json(body)
        assert {"code": raised.value.api_code, "message": raised.value.api_message} == expected["api_error"]
    else:
        with pytest.raises(clanforge.DecodeError) as raised:
            ImageStatus.from_json(body)
        assert raised.value.json_path == expected["decode_error"]["path"]
        assert all(text in str(raised.value) for text in expected["decode_error"]["contains"])


def summary(case: dict[str, Any]) -> None:
    status = ImageStatus.from_dict(case["status"])
    expected = dict(case["expect"])
    actual = {
        "readiness": status.readiness,
        "is_ready": status.is_ready,
        "total_machines": status.total_machines,
        "percent_complete": status.percent_complete,
        "percent_text": status.percent_text,
        "failed_regions": status.failed_regions() if status.has_detail else None,
        "pending_regions": status.pending_regions() if status.has_detail else None,
        "regions": status.regions() if status.has_detail else None,
        "mismatches": [each.to_dict() for each in status.mismatches()] if status.has_detail else None,
    }
    percent = expected.pop("percent_complete")
    assert actual.pop("percent_complete") == (None if percent is None else pytest.approx(percent, abs=1e-7))
    assert actual == expected
    # The counts alone have the same properties, and the summary has the same values.
    assert (status.counts.readiness, status.counts.percent_complete) == (status.readiness, status.percent_complete)
    written = status.summary()
    assert {name: written[name] for name in written if name in actual} == {
        name: actual[name] for name in written if name in actual
    }


def gate(case: dict[str, Any]) -> None:
    if "invalid" in case["expect"]:
        with pytest.raises(clanforge.ConfigurationError) as raised:
            Gate.from_dict(case["gate"])
        assert all(text in str(raised.value) for text in case["expect"]["invalid"])
        return
    gate = Gate.from_dict(case["gate"])
    verdict = gate.evaluate(ImageStatus.from_dict(case["status"]))
    assert {**verdict.to_dict(), "needs_detail": gate.needs_detail} == case["expect"]
    assert bool(verdict) == verdict.ready
    assert clanforge.Verdict.from_json(verdict.to_json()) == verdict


def monitor(case: dict[str, Any]) -> None:
    expected = case["expect"]
    if "invalid" in expected:
        with pytest.raises(clanforge.ConfigurationError) as raised:
            make_monitor(case)
        assert all(text in str(raised.value) for text in expected["invalid"])
        return
    monitor = make_monitor(case)
    for index, reading in enumerate(case["readings"]):
        step = monitor.observe(reading["at"], reading_of(reading), age=reading.get("age", 0))
        compare_step(reading.get("expect", {}), step)
        if step.next_reading is None:
            assert index + 1 == len(case["readings"]), f"it ends at {reading['at']} s"
            if step.outcome is None:
                assert expected == {"gives_up": reading["at"]}
            else:
                compare_outcome(expected, step.outcome)
            return
    assert expected == {"goes_on": True}


def make_monitor(case: dict[str, Any]) -> Monitor:
    policy = Policy.from_dict(case.get("policy", {}))
    before = case.get("baseline")
    baseline = None if before is None else Baseline(IMAGE, status(before))
    monitor = Monitor(IMAGE, baseline=baseline, policy=policy)
    if "has_started" not in case:
        return monitor
    snapshot = json.loads(monitor.snapshot())
    snapshot["state"]["evidence"]["is_seen"] = True
    return Monitor.restore(json.dumps(snapshot))


def status(value: Any) -> ImageStatus:
    return ImageStatus(MachineCounts(*value)) if isinstance(value, list) else ImageStatus.from_dict(value)


def reading_of(reading: dict[str, Any]) -> ImageStatus | ReadFailure:
    if "error" in reading:
        optional = {name: reading.get(name) for name in ("retry_after", "service_message")}
        return ReadFailure(reading["error"], f"a {reading['error']} error", **optional)
    return status(reading.get("counts", reading.get("status")))


def compare_step(expected: dict[str, Any], step: clanforge.Step) -> None:
    update = step.update
    if "next_between" in expected:
        least, most = expected["next_between"]
        assert step.next_reading is not None and least <= step.next_reading <= most
    if "next" in expected:
        pause = expected["next"]
        assert step.next_reading == (None if pause is None else pytest.approx(pause, abs=1e-6))
    if "freshness" in expected:
        assert not isinstance(update, clanforge.ReadFailed) and update.freshness == expected["freshness"]
    if "has_estimate" in expected:
        assert isinstance(update, clanforge.ReadingTaken)
        assert (update.estimate is not None) == expected["has_estimate"]
    data = update.to_dict()
    for name in {"inconsistent", "message", "warnings"} & expected.keys():
        assert data[name] == expected[name]
    if "error" in expected:
        assert data["error"]["message"] == expected["error"]


def compare_outcome(expected: dict[str, Any], outcome: clanforge.Outcome) -> None:
    actual = {
        "outcome": outcome.kind,
        "freshness": outcome.freshness,
        "at": pytest.approx(outcome.elapsed),
        "readings": outcome.readings,
        "errors": outcome.errors,
    }
    assert {name: expected[name] for name in actual} == actual
    if "warnings" in expected:
        assert list(outcome.warnings) == expected["warnings"]
    if "status_age" in expected:
        age = expected["status_age"]
        assert outcome.status_age == (None if age is None else pytest.approx(age))
    assert all(text in outcome.reason for text in expected["reason"])
    assert clanforge.Outcome.from_json(outcome.to_json()).to_dict() == outcome.to_dict()

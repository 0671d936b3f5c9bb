"""Models: comparison, hashing, pickling, pattern matching and text."""

from __future__ import annotations

import contextlib
import copy
import json
import pickle
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pandas
import polars
import pytest
from conftest import ROOT

import clanforge
from clanforge import Baseline, Gate, ImageRef, ImageStatus, MachineCounts, Mismatch, Monitor, Policy, ReadFailure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IMAGE = ImageRef(1234, 5678)
COUNTS = MachineCounts(1, 2, 37)
DETAIL = {
    "pending_machines": 1,
    "failed_machines": 2,
    "completed_machines": 37,
    "fleets": {
        "f": {
            "pending_machines": 1,
            "failed_machines": 2,
            "completed_machines": 37,
            "regions": {
                "r1": {"name": "EU", "pending_machines": 0, "failed_machines": 2, "completed_machines": 20},
                "r2": {"name": "EU", "pending_machines": 1, "failed_machines": 0, "completed_machines": 17},
            },
        }
    },
}


def status() -> ImageStatus:
    return ImageStatus.from_dict(DETAIL)


def updates() -> list[Any]:
    monitor = Monitor(IMAGE, start_grace=0)
    ready = ImageStatus(MachineCounts(0, 0, 40))
    steps = [monitor.observe(0, status()), monitor.observe(1, ReadFailure("server", "failed", 503, 2.5))]
    steps += [monitor.observe(2, ready), monitor.observe(4, ready)]
    return [step.update for step in steps] + [steps[-1].outcome, steps[-1]]


MODELS: dict[str, Callable[[], Any]] = {
    "ImageRef": lambda: ImageRef(1, 2),
    "MachineCounts": lambda: MachineCounts(1, 2, 3),
    "ImageStatus": status,
    "FleetStatus": lambda: (status().fleets or ())[0],
    "RegionStatus": lambda: (status().fleets or ())[0].regions[0],
    "Gate": lambda: Gate(max_failed="5%", per="region", regions=["EU"]),
    "Scope": lambda: Gate(per="region").evaluate(status()).scopes[0].scope,
    "ScopeVerdict": lambda: Gate(per="region").evaluate(status()).scopes[0],
    "Shortfall": lambda: Gate(per="region").evaluate(status()).scopes[0].shortfalls[0],
    "Mismatch": lambda: Mismatch("f", MachineCounts(1, 2, 3), MachineCounts(3, 2, 1)),
    "Changes": lambda: updates()[2].changes,
    "Estimate": lambda: clanforge.Estimate(1.5, 20.0),
    "ReadFailure": lambda: updates()[1].error,
    "Verdict": lambda: Gate(per="region").evaluate(status()),
    "Policy": lambda: Policy(timeout=timedelta(minutes=20), gate=Gate(max_pending=3)),
    "Baseline": lambda: Baseline(IMAGE, status()),
    "ReadingTaken": lambda: updates()[0],
    "ReadFailed": lambda: updates()[1],
    "Outcome": lambda: updates()[4],
    "Step": lambda: updates()[5],
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_a_model_is_immutable_hashable_and_comparable_by_value(make: Callable[[], Any]) -> None:
    model = make()
    assert model == make()
    assert hash(model) == hash(make())
    assert model != object()
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(model, protocol)) == model
    assert copy.copy(model) == copy.deepcopy(model) == model
    assert "\n" not in repr(model)
    name = next(iter(getattr(type(model), "__match_args__", ())), "value")
    with pytest.raises(AttributeError):
        setattr(model, name, None)
    with pytest.raises((AttributeError, TypeError)):
        model.something_else = 1


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_a_model_survives_a_round_trip_through_json(make: Callable[[], Any]) -> None:
    model = make()
    assert type(model).from_dict(json.loads(json.dumps(model.to_dict()))) == model
    assert type(model).from_json(model.to_json()) == model


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_a_missing_field_is_an_error_or_has_a_default(make: Callable[[], Any]) -> None:
    model = make()
    for name in model.to_dict():
        less = {each: value for each, value in model.to_dict().items() if each != name}
        with contextlib.suppress(clanforge.ConfigurationError, clanforge.DecodeError):
            assert isinstance(type(model).from_dict(less), type(model))


def test_models_match_patterns() -> None:
    match status():
        case ImageStatus(MachineCounts(pending, failed, _), (fleet,)):
            assert (pending, failed, fleet.fleet_id) == (1, 2, "f")
        case _:
            pytest.fail("the status does not match the pattern")
    match updates()[0]:
        case clanforge.ReadingTaken(elapsed=elapsed, verdict=verdict):
            assert (elapsed, verdict.ready) == (0.0, False)
        case _:
            pytest.fail("the update does not match the pattern")


def test_each_part_has_the_properties_of_its_counts() -> None:
    (fleet,) = status().fleets or ()
    for part in (status(), fleet, fleet.regions[0]):
        counts = part.counts
        assert (part.pending_machines, part.failed_machines, part.completed_machines) == tuple(counts.to_dict().values())
        assert (part.total_machines, part.percent_complete) == (counts.total_machines, counts.percent_complete)
        assert (part.percent_text, part.readiness) == (counts.percent_text, counts.readiness)
        assert part.is_ready == counts.is_ready


def test_a_policy_has_an_attribute_for_each_option() -> None:
    policy = MODELS["Policy"]()
    assert (policy.timeout, policy.gate, policy.confirmations, policy.fail_fast) == (1200.0, Gate(max_pending=3), 2, True)
    assert repr(policy) == "Policy(gate=Gate(max_pending=3), timeout=1200.0)"
    assert set(Policy.__match_args__) == set(clanforge.PolicyOptions.__annotations__) - {"policy"}


def test_data_frames_accept_the_rows() -> None:
    rows = status().regions()
    for frame in (pandas.DataFrame(rows), polars.DataFrame(rows)):
        assert list(frame.columns) == list(clanforge.RegionRow.__annotations__)
        assert frame["failed_machines"].sum() == 2


def test_the_lists_of_a_status_without_detail_raise_instead_of_being_empty() -> None:
    bare = ImageStatus(COUNTS)
    assert (bare.fleets, bare.has_detail) == (None, False)
    for parts in (bare.regions, bare.failed_regions, bare.pending_regions, bare.mismatches):
        with pytest.raises(clanforge.ConfigurationError, match="the status has no detail: request it with detail=True"):
            pandas.DataFrame(parts())
    assert repr(status()) == "<ImageStatus 37 completed, 1 pending, 2 failed, with detail>"


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: ImageRef(-1, 2), "account_service_id -1"),
        (lambda: Baseline(IMAGE, COUNTS), "invalid status MachineCounts"),
        (lambda: ImageRef(1, "2"), "image_id '2'"),
        (lambda: ImageRef(True, 2), "account_service_id True"),
        (lambda: MachineCounts(2**64, 0, 0), "pending_machines 18446744073709551616"),
        (lambda: MachineCounts(2**63, 2**63, 0), "more than 18446744073709551615"),
        (lambda: Gate(max_failed="five"), "invalid `max_failed`: invalid limit `five`"),
        (lambda: Gate(max_failed=-1), "invalid max_failed -1: expected a number of machines from 0"),
        (lambda: Gate(max_pending="101%"), "101"),
        (lambda: Gate(regions="EU"), "regions 'EU': expected a list"),
        (lambda: Gate(per="machine"), "machine"),
        (lambda: Policy(timeout=-1), "timeout -1"),
        (lambda: Policy(min_interval=0), "min_interval"),
        (lambda: Policy(timeout=10, start_grace=20), "timeout (10 s) is shorter than start_grace (20 s)"),
        (lambda: Policy(gate="strict"), "gate 'strict'"),  # type: ignore[arg-type]
        (lambda: Monitor(IMAGE, baseline=Baseline(ImageRef(1, 2), status())), "baseline"),
        (lambda: Baseline.from_dict({"version": 2}), "version is 2, expected 1"),
        (lambda: Baseline.from_json("{"), "invalid JSON"),
        (lambda: Baseline.from_json("{}"), "invalid Baseline: version is missing"),
        (lambda: ImageRef.from_dict({"image_id": 2}), "invalid ImageRef: account_service_id is missing"),
        (lambda: clanforge.simulate("no-such"), "no-such"),
        (lambda: clanforge.simulate(speed=0), "speed"),
    ],
)
def test_invalid_input_is_named_in_the_error(make: Callable[[], Any], named: str) -> None:
    with pytest.raises(clanforge.ConfigurationError) as raised:
        make()
    assert named in str(raised.value)


def test_an_unknown_option_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="'timout'"):
        Policy(timout=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'acess_key'"):
        clanforge.Client(acess_key="k")  # type: ignore[call-arg]


def test_an_incomplete_last_line_of_a_recording_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = (ROOT / "tests/recordings/refusal.jsonl").read_text()
    file = tmp_path / "killed.jsonl"
    file.write_text(text[:-20])
    (wait,) = clanforge.read_recording(file)
    assert len(wait.updates) == len(text.splitlines()) - 2
    (warning,) = [record.getMessage() for record in caplog.records]
    assert warning.startswith(f"{file}: line {len(text.splitlines())} is incomplete and was ignored")


def test_a_recording_has_its_waits_with_their_updates() -> None:
    (wait,) = clanforge.read_recording(ROOT / "tests/recordings/refusal.jsonl")
    assert (wait.image, wait.baseline, wait.policy.start_grace) == (clanforge.ImageRef(1234, 5678), None, 10)
    assert wait.time == datetime(2026, 11, 27, 3, 7, 34, tzinfo=timezone.utc)
    assert [update.update for update in wait.updates] == ["read_failed"] * 2 + ["reading"] * 4 + ["outcome"]
    for descriptor in (0, True, None):
        with pytest.raises(TypeError, match="invalid file .*: expected a string"):
            clanforge.read_recording(descriptor)  # type: ignore[arg-type]
    with pytest.raises(clanforge.ConfigurationError, match="line 1: invalid update"):
        clanforge.read_recording(ROOT / "README.md")


def test_a_recording_becomes_a_report_and_an_outcome_a_part_of_a_page() -> None:
    file = ROOT / "tests/recordings/refusal.jsonl"
    (wait,) = clanforge.read_recording(file)
    for format, beginning in (("html", "<!doctype html>"), ("svg", "<svg "), ("md", "## ")):
        report = clanforge.report(file, format)  # type: ignore[arg-type]
        assert report.startswith(beginning) and "account service 1234" in report
    assert clanforge.report(file) == clanforge.report(file, "html")
    with pytest.raises(clanforge.ConfigurationError, match='invalid format "pdf": expected one of html, svg, md'):
        clanforge.report(file, "pdf")  # type: ignore[arg-type]
    with pytest.raises(clanforge.ConfigurationError, match="line 1: invalid update"):
        clanforge.report(ROOT / "README.md")
    outcome = wait.updates[-1]
    assert isinstance(outcome, clanforge.Outcome)
    assert f"<strong>{outcome.kind.replace('_', ' ')}</strong>" in outcome._repr_html_()

"""The models as other libraries see them, and the JSON Schemas that describe what they write."""

from __future__ import annotations

import dataclasses
import inspect
import json
import subprocess
import sys
import typing
from typing import Any

import jsonschema
import pydantic
import pytest

import clanforge
from clanforge import Baseline, Gate, ImageRef, ImageStatus, MachineCounts, Monitor, Outcome, Policy, ReadFailure

IMAGE = ImageRef(1234, 5678)
READY = ImageStatus.from_dict(
    {
        "pending_machines": 0,
        "failed_machines": 0,
        "completed_machines": 40,
        "fleets": {
            "f": {
                "pending_machines": 0,
                "failed_machines": 0,
                "completed_machines": 40,
                "regions": {"r": {"name": "EU", "pending_machines": 0, "failed_machines": 0, "completed_machines": 40}},
            }
        },
    }
)


def schema(name: str) -> Any:
    command = [sys.executable, "-m", "clanforge", "schema", name]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def updates() -> list[Any]:
    monitor = Monitor(IMAGE, start_grace=0, gate=Gate(per="region"))
    steps = [monitor.observe(0, ReadFailure("server", "failed", 503, 2.5)), monitor.observe(2, READY), monitor.observe(4, READY)]
    return [step.update for step in steps] + [steps[-1].outcome]


@pytest.mark.parametrize(
    ("name", "documents"),
    [
        ("image-status", [READY, ImageStatus(MachineCounts(1, 2, 3))]),
        ("gate", [Gate(), Gate(max_failed="2.5%", max_pending=3, per="region", regions=["EU"])]),
        ("policy", [Policy(), Policy(timeout=None, start_grace=5, evidence="30%", fail_fast=False)]),
        ("baseline", [Baseline(IMAGE, READY)]),
        ("verdict", [Gate(per="fleet", fleets=["f", "g"]).evaluate(READY), Gate(per="region").evaluate(READY)]),
        ("update", updates()),
        ("outcome", updates()[-1:]),
    ],
)
def test_what_a_model_writes_is_valid_by_its_schema(name: str, documents: list[Any]) -> None:
    validator = jsonschema.Draft202012Validator(schema(name))
    for document in documents:
        validator.validate(document.to_dict())
        assert not validator.is_valid({**document.to_dict(), "pending_machines": "many", "version": 2, "ready": 5, "per": 5})


def test_dataclasses_give_plain_values() -> None:
    outcome = updates()[-1]
    plain = dataclasses.asdict(outcome)
    json.dumps(plain)
    assert plain["kind"] == "ready"
    assert plain["status"]["counts"] == {"pending_machines": 0, "failed_machines": 0, "completed_machines": 40}
    assert plain["status"]["fleets"][0]["regions"][0]["name"] == "EU"
    assert dataclasses.replace(outcome, readings=7).readings == 7
    assert [field.name for field in dataclasses.fields(Gate)][:2] == ["max_pending", "max_failed"]


def test_pydantic_and_fastapi_give_plain_values() -> None:
    class Release(pydantic.BaseModel):
        outcome: Outcome
        gate: Gate

    release = Release(outcome=updates()[-1], gate=Gate(max_failed="5%"))
    plain = release.model_dump(mode="json")
    assert plain["outcome"]["status"]["counts"]["completed_machines"] == 40
    assert plain["gate"]["max_failed"] == "5%"
    assert json.loads(release.model_dump_json())["outcome"]["kind"] == "ready"
    from fastapi.encoders import jsonable_encoder

    assert jsonable_encoder(updates()[-1])["status"]["counts"]["completed_machines"] == 40


@pytest.mark.parametrize("name", sorted(set(clanforge.__all__) - {"__version__", "aio"}))
def test_type_hints_of_public_names_resolve(name: str) -> None:
    public = getattr(clanforge, name)
    if inspect.isclass(public):
        typing.get_type_hints(public)
        for _, member in inspect.getmembers(public, inspect.isfunction):
            typing.get_type_hints(member)
    elif inspect.isfunction(public):
        typing.get_type_hints(public)


def test_outcomes_and_errors_have_the_exit_codes_of_the_command() -> None:
    assert updates()[-1].exit_code == 0
    unreachable = dataclasses.replace(updates()[-1], kind="unreachable")
    assert (unreachable.exit_code, bool(unreachable)) == (5, False)
    with pytest.raises(clanforge.NotReadyError) as raised:
        unreachable.raise_for_status()
    assert raised.value.exit_code == 5
    assert (clanforge.AuthenticationError("no").exit_code, clanforge.ConfigurationError.exit_code) == (4, 2)


def test_an_outcome_and_a_verdict_are_shown_as_their_sentence() -> None:
    outcome = updates()[-1]
    assert str(outcome) == outcome.reason
    assert outcome.reason.startswith("ready: 40 of 40 machines completed, 0 pending, 0 failed; assumed to be the new version")
    assert str(Gate(min_completed=50).evaluate(READY)).startswith("not ready: the image has 40 completed machines")

"""The public surface beside that of Rust: nothing is forgotten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import ROOT

import clanforge
from clanforge import aio

# What Rust has and Python needs not, and why.
NOT_HERE = {
    "core": "the core is what this package is",
    "monitor": "its types are in the package itself",
    "defaults": "the command's help and the README say them",
    "ClientBuilder": "settings are keywords",
    "ImageStatusCall": "options of a call are keywords",
    "WaitCall": "options of a wait are keywords",
    "Error": "a class for each kind",
    "ErrorKind": "the kind is a text, and a class",
    "Summary": "a dictionary",
    "Missing": "fields of Scope",
    "Reading": "a status, or a ReadFailure",
    "Next": "fields of Step",
    "InvalidPolicy": "a ConfigurationError",
    "NotReady": "NotReadyError",
    "Changes.is_none": "a comparison with zeros",
    "Updates": "Watch",
}

RENAMED = {"Client": ["Client", "AsyncClient"]}


def exported(path: str, pattern: str) -> set[str]:
    text = (ROOT / path).read_text()
    return {
        name.strip()
        for names in re.findall(pattern, text)
        for name in names.replace("\n", " ").strip("{}").split(",")
        if name.strip()
    }


def rust_names() -> set[str]:
    client = exported("crates/clanforge/src/lib.rs", r"pub use [\w:]+::(\{[^}]*\}|\w+);")
    monitor = exported("crates/clanforge-core/src/monitor/mod.rs", r"pub use [\w:]+::(\{[^}]*\}|\w+);")
    monitor |= exported("crates/clanforge-core/src/monitor/mod.rs", r"\npub (?:struct|enum) (\w+)")
    assert {"Client", "Gate", "Outcome", "Baseline", "Monitor"} <= client | monitor
    return {name.removeprefix("clanforge_core as ") for name in client | monitor if name != "clanforge_core"}


@pytest.mark.parametrize("name", sorted(rust_names()))
def test_what_rust_exports_is_here(name: str) -> None:
    here = [each for each in RENAMED.get(name, [name]) if hasattr(clanforge, each)]
    assert bool(here) != (name in NOT_HERE)


def setters(path: str, owner: str) -> set[str]:
    text = (ROOT / path).read_text()
    body = text[text.index(f"impl {owner} {{") :]
    body = body[: body.index("\n}\n")]
    return set(re.findall(r"pub (?:const )?fn (\w+)\((?:mut )?self, ", body))


def test_every_setting_of_a_client_is_here() -> None:
    rust = setters("crates/clanforge/src/builder.rs", "ClientBuilder")
    here = set(clanforge.Settings.__annotations__) | {"credentials", "no_proxy"}
    # An interpreter has one environment, and all its threads share it. REQUESTS_CA_BUNDLE is what sets a default.
    assert rust - here == {"from_variables", "default_ca"}


def test_every_field_of_a_policy_is_an_option() -> None:
    fields = {name.removesuffix("_seconds") for name in clanforge.Policy().to_dict()} - {"version"}
    assert fields == set(clanforge.WaitOptions.__annotations__) - {"policy"}


@pytest.mark.parametrize(
    ("path", "owner", "here"),
    [
        ("crates/clanforge-core/src/status.rs", "ImageStatus", clanforge.ImageStatus),
        ("crates/clanforge-core/src/summary.rs", "ImageStatus", clanforge.ImageStatus),
        ("crates/clanforge-core/src/gate.rs", "Gate", clanforge.Gate),
        ("crates/clanforge-core/src/monitor/outcome.rs", "Outcome", clanforge.Outcome),
        ("crates/clanforge-core/src/monitor/baseline.rs", "Baseline", clanforge.Baseline),
        ("crates/clanforge-core/src/monitor/mod.rs", "Monitor", clanforge.Monitor),
        ("crates/clanforge/src/client.rs", "Client", clanforge.Client),
        ("crates/clanforge/src/client.rs", "Client", aio.AsyncClient),
    ],
)
def test_every_method_is_here(path: str, owner: str, here: Any) -> None:
    text = (ROOT / path).read_text()
    body = text[text.index(f"impl {owner} {{") :]
    body = body[: body.index("\n}\n")]
    methods = set(re.findall(r"pub (?:async |const )*fn (\w+)\(&?(?:mut )?self", body))
    assert methods
    elsewhere = {
        "fleet",  # a gate's are keywords, a status's are a tuple
        "region",
        "judged_counts",
        "policy",
        "into_result",  # raise_for_status
        "new",
    }
    assert {name for name in methods - elsewhere if not (hasattr(here, name) or name in dir(here))} == set()

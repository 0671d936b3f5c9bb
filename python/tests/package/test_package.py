"""The package as users get it: installation, types, documentation and imports."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import os
import pkgutil
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, TARGET

import clanforge
from clanforge import aio

if TYPE_CHECKING:
    from types import ModuleType

PROJECT = ROOT / "python"
INSTALLED = Path(clanforge.__file__).parent
MODULES = ["clanforge", *(module.name for module in pkgutil.walk_packages(clanforge.__path__, "clanforge."))]


def run(*words: str | Path, cwd: Path | None = None) -> str:
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    completed = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, timeout=1500, check=False)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def python_of(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def assert_works(python: Path, cwd: Path) -> None:
    script = "import clanforge\nwith clanforge.simulate() as s: print(s.client().image_status(1, 2).total_machines)"
    assert run(python, "-W", "error", "-c", script, cwd=cwd) == "54\n"
    assert run(python.parent / "clanforge", "--version", cwd=cwd) == f"clanforge {clanforge.__version__}\n"


def test_pip_installs_a_checkout(tmp_path: Path) -> None:
    python = python_of(tmp_path / "venv")
    run(python, "-m", "pip", "install", "-q", PROJECT)
    assert_works(python, tmp_path)


def test_pip_installs_a_wheel(tmp_path: Path) -> None:
    run(sys.executable, "-m", "maturin", "build", "--profile", "dev", "-o", tmp_path, cwd=PROJECT)
    (wheel,) = tmp_path.glob("*.whl")
    assert "-cp310-abi3-" in wheel.name
    with zipfile.ZipFile(wheel) as content:
        names = content.namelist()
    for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
        assert any(name.endswith(f".dist-info/licenses/{licence}") for name in names)
        assert (PROJECT / licence).read_bytes() == (ROOT / licence).read_bytes()
    python = python_of(tmp_path / "venv")
    run(python, "-m", "pip", "install", "-q", wheel, cwd=tmp_path)
    assert_works(python, tmp_path)


def test_pip_installs_the_source_distribution(tmp_path: Path) -> None:
    run(sys.executable, "-m", "maturin", "sdist", "-o", tmp_path, cwd=PROJECT)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as content:
        names = content.getnames()
    assert any(name.endswith("clanforge/py.typed") for name in names)
    for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
        assert any(name.endswith(f"/{licence}") for name in names)
    python = python_of(tmp_path / "venv")
    run(python, "-m", "pip", "install", "-q", archive, cwd=tmp_path)
    assert_works(python, tmp_path)


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_type_checkers_accept_the_package_and_the_code_of_a_user(checker: str, tmp_path: Path) -> None:
    user = tmp_path / "user.py"
    user.write_text(USER)
    if checker == "mypy":
        run(sys.executable, "-m", "mypy", "--strict", user, cwd=tmp_path)
        run(sys.executable, "-m", "mypy", "--strict", "-p", "clanforge", cwd=tmp_path)
        # Errors about packages without types are ignored. The example with DBOS is not checked.
        untyped = ["--ignore-missing-imports", "--disable-error-code=import-untyped", "--disable-error-code=untyped-decorator"]
        examples = [path for path in (PROJECT / "examples").glob("*.py") if path.name != "durable_rollout.py"]
        run(sys.executable, "-m", "mypy", "--strict", *untyped, *examples, cwd=tmp_path)
        return
    checked = {"strict": [str(user)], "include": [str(user), str(INSTALLED)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(checked))
    run(sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", tmp_path, cwd=tmp_path)


USER = '''\
"""The code of a user."""

import asyncio

import clanforge
from clanforge import aio
from typing_extensions import assert_never, assert_type


def blocking() -> float | None:
    with clanforge.Client(token="t") as client:
        status = client.image_status(1, 2, detail=True)
        assert_type(status, clanforge.ImageStatus)
        outcome = client.wait(1, 2, baseline=client.baseline(1, 2), gate=clanforge.Gate(max_failed="5%"), timeout=60)
        assert_type(outcome.raise_for_status().kind, clanforge.OutcomeKind)
        for update in client.watch(1, 2):
            show(update)
        return status.percent_complete


def show(update: clanforge.Update) -> None:
    if update.update == "reading":
        print(update.verdict.reason)
    elif update.update == "read_failed":
        print(update.error.message)
    elif update.update == "outcome":
        print(update.reason)
    else:
        assert_never(update)


async def asynchronous() -> int:
    async with aio.AsyncClient(token="t") as client:
        async for update in client.watch(1, 2):
            show(update)
        return (await client.image_status(1, 2)).total_machines


print(blocking(), asyncio.run(asynchronous()))
'''


def test_the_stub_matches_the_native_module() -> None:
    run(sys.executable, "-m", "mypy.stubtest", "clanforge._clanforge", "--ignore-disjoint-bases")


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith(("_clanforge", "__main__"))])
def test_examples_in_the_documentation_run(name: str) -> None:
    module = importlib.import_module(name)
    names = {each: getattr(clanforge, each) for each in clanforge.__all__}
    tests = doctest.DocTestFinder(exclude_empty=True).find(module, globs={**vars(module), **names})
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for test in tests:
        runner.run(test)
    assert runner.failures == 0


def test_everything_public_is_documented() -> None:
    def missing(owner: ModuleType | type, prefix: str) -> list[str]:
        found = []
        for name, member in vars(owner).items():
            if name.startswith("_") or (inspect.ismodule(owner) and name not in getattr(owner, "__all__", ())):
                continue
            if inspect.isclass(member) and member.__module__.startswith("clanforge"):
                found += [] if member.__doc__ else [prefix + name]
                found += missing(member, f"{prefix}{name}.") if "TypedDict" not in str(type(member)) else []
            elif inspect.isfunction(member) or isinstance(member, (property, classmethod)):
                found += [] if inspect.getdoc(getattr(owner, name)) else [prefix + name]
        return found

    assert missing(clanforge, "") == []
    assert missing(aio, "aio.") == []


def import_from(place: Path) -> str:
    """Return the last line of the error when a copy of the package is imported."""
    environment = {**os.environ, "PYTHONPATH": str(place)}
    completed = subprocess.run(
        [sys.executable, "-c", "import clanforge"], cwd=place.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert completed.returncode == 1, completed.stdout
    return completed.stderr.splitlines()[-1]


def test_a_native_module_that_cannot_be_loaded_says_why_and_what_to_do(tmp_path: Path) -> None:
    package = tmp_path / "folder" / "clanforge"
    shutil.copytree(INSTALLED, package, ignore=shutil.ignore_patterns("_clanforge.*", "__pycache__"))
    assert import_from(package.parent) == (
        f"ImportError: the native module of clanforge is missing in {package}: install the package with pip instead of copying its source files"
    )
    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as content:
        for file in INSTALLED.rglob("*.*"):
            content.write(file, Path("clanforge") / file.relative_to(INSTALLED))
    assert import_from(archive).startswith("ImportError: clanforge cannot be imported from an archive, because it has a native")
    (package / "_clanforge.cp310-win_amd64.pyd").touch()
    assert f"could not load _clanforge.cp310-win_amd64.pyd in {package} with CPython 3." in import_from(package.parent)
    (package / "_clanforge.abi3.so").write_bytes(b"of another platform")
    message = import_from(package.parent)
    assert "_clanforge.abi3.so" in message and message.endswith("install clanforge again, with the pip of this Python on this machine")


def test_importing_the_package_does_not_import_slow_modules() -> None:
    loaded = run(sys.executable, "-c", "import sys, clanforge; print(*sys.modules)").split()
    assert not {"asyncio", "logging", "dataclasses", "ssl", "http", "email", "multiprocessing"} & set(loaded)

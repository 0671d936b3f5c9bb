"""Arguments of the wrong type, of the wrong value, and those that are numbers of another library."""

from __future__ import annotations

import inspect
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import pytest

import clanforge
from clanforge import Baseline, Gate, ImageRef, ImageStatus, MachineCounts, Monitor, Policy, ReadFailure
from clanforge._models.record import named_arguments

if TYPE_CHECKING:
    from collections.abc import Callable

IMAGE = ImageRef(1, 2)
STATUS = ImageStatus(MachineCounts(0, 0, 3))


def client(**settings: Any) -> clanforge.Client:
    return clanforge.Client(**{"token": "a-token", **settings})


def wait(**options: Any) -> object:
    return client().wait(1, 2, **options)


WRONG_TYPES: dict[str, tuple[Any, str]] = {
    "retries": (lambda: client(retries=True), "invalid retries True: expected an integer from 0 to 4294967295"),
    "backoff": (lambda: client(backoff=5), "unexpected argument 'backoff': expected one of access_key, .*initial_backoff, max_backoff"),
    "timeout": (lambda: client(timeout=True), "invalid timeout True: expected a number of seconds from 0, or a timedelta"),
    "access_key": (lambda: clanforge.Client(access_key=b"k", secret_key="s"), "invalid access_key of type bytes: expected a string"),
    "base_url": (lambda: client(base_url=Path("x")), "invalid base_url of type PosixPath: expected a string"),
    "allow_http": (lambda: client(allow_http=1), "invalid allow_http 1: expected True or False"),
    "ca_file": (lambda: client(ca_file=[]), "invalid ca_file of type list: expected a string"),
    "auth_scheme": (lambda: client(auth_scheme=5), "invalid auth_scheme 5: expected one of 'basic', 'sigv4'"),
    "call timeout": (lambda: client().image_status(1, 2, timeout="5"), "invalid timeout '5': expected a number of seconds"),
    "call retries": (lambda: client().image_status(1, 2, retries=1.5), "invalid retries 1.5: expected an integer"),
    "detail": (lambda: client().image_status(1, 2, detail=1), "invalid detail 1: expected True or False"),
    "ids": (lambda: client().image_status("1", 2), "invalid account_service_id '1': expected an integer"),
    "call option": (lambda: client().image_status(1, 2, retry=1), "unexpected argument 'retry': expected one of detail, timeout, retries"),
    "seed": (lambda: wait(seed="x"), "invalid seed 'x': expected an integer from 0 to 18446744073709551615"),
    "baseline": (lambda: wait(baseline=STATUS), "invalid baseline <ImageStatus 3 completed.*: expected a clanforge.Baseline"),
    "policy": (lambda: wait(policy={}), "invalid policy {}: expected a clanforge.Policy"),
    "gate": (lambda: wait(gate="strict"), "invalid gate 'strict': expected a clanforge.Gate"),
    "wait option": (lambda: wait(timout=5), "unexpected argument 'timout': expected one of check, on_update"),
    "max_failed": (lambda: Gate(max_failed=0.05), "invalid max_failed 0.05: expected a number of machines from 0, or a percentage such as '5%'"),  # type: ignore[arg-type]
    "per": (lambda: Gate(per=1), "invalid per 1: expected one of 'total', 'fleet', 'region'"),  # type: ignore[arg-type]
    "regions": (lambda: Gate(regions=[1]), "invalid regions 1: expected a string"),  # type: ignore[list-item]
    "confirmations": (lambda: Policy(confirmations="2"), "invalid confirmations '2': expected an integer"),  # type: ignore[arg-type]
    "fail_fast": (lambda: Policy(fail_fast=None), "invalid fail_fast None: expected True or False"),  # type: ignore[arg-type]
    "a boolean of NumPy": (lambda: Policy(confirmations=numpy.True_), "invalid confirmations .*True.*: expected an integer"),  # type: ignore[arg-type]
    "evaluate": (lambda: Gate().evaluate({"pending_machines": 0}), "invalid status {'pending_machines': 0}: expected a clanforge.ImageStatus"),  # type: ignore[arg-type]
    "counts": (lambda: ImageStatus({}), "invalid counts {}: expected a clanforge.MachineCounts"),  # type: ignore[arg-type]
    "text": (lambda: ImageStatus.from_json(5), "invalid text 5: expected a string or bytes"),  # type: ignore[arg-type]
    "machines": (lambda: MachineCounts(1.0, 0, 0), "invalid pending_machines 1.0: expected an integer"),  # type: ignore[arg-type]
    "image": (lambda: Monitor((1, 2)), r"invalid image \(1, 2\): expected a clanforge.ImageRef"),  # type: ignore[arg-type]
    "taken_at": (lambda: Baseline(IMAGE, STATUS, 5), "invalid taken_at 5: expected a string"),  # type: ignore[arg-type]
    "elapsed": (lambda: Monitor(IMAGE).observe("now", STATUS), "invalid elapsed 'now': expected a number of seconds"),  # type: ignore[arg-type]
    "reading": (lambda: Monitor(IMAGE).observe(0, 5), "invalid reading 5: expected a clanforge.ImageStatus or"),  # type: ignore[arg-type]
    "message": (lambda: ReadFailure("server", 5), "invalid message 5: expected a string"),  # type: ignore[arg-type]
    "scenario": (lambda: clanforge.simulate(5), "invalid scenario 5: expected the name of a built-in scenario, the path of a scenario file, or a dictionary"),  # type: ignore[arg-type]
    "port": (lambda: clanforge.simulate(port="80"), "invalid port '80': expected an integer from 0 to 65535"),  # type: ignore[arg-type]
    "speed": (lambda: clanforge.simulate(speed="fast"), "invalid speed 'fast': expected a number"),  # type: ignore[arg-type]
    "image_id": (lambda: clanforge.simulate(image_id=True), "invalid image_id True: expected an integer"),
    "policy by position": (lambda: Policy(Gate()), "unexpected positional argument of type Gate: expected a keyword argument: one of .*confirmations"),  # type: ignore[call-arg]
    "gate by position": (lambda: Gate(5), "unexpected positional argument of type int: expected a keyword argument: one of max_pending"),  # type: ignore[call-arg]
    "one id": (lambda: ImageRef(1), "missing image_id: expected account_service_id, image_id"),  # type: ignore[call-arg]
    "no ids": (lambda: ImageRef(), "missing account_service_id and image_id: expected account_service_id, image_id"),  # type: ignore[call-arg]
    "three ids": (lambda: ImageRef(1, 2, 3), "unexpected positional argument of type int: expected account_service_id, image_id"),  # type: ignore[call-arg]
    "an id twice": (lambda: ImageRef(1, account_service_id=2), "argument 'account_service_id' is given twice"),  # type: ignore[call-arg, misc]
    "keys by position": (lambda: clanforge.Client("k", "s"), "unexpected positional argument of type str: expected a keyword argument: one of access_key"),  # type: ignore[call-arg, arg-type]
    "client option": (lambda: client(key=1), "unexpected argument 'key': expected one of access_key, .*credentials_provider"),
    "with_options": (lambda: client().with_options(5), "unexpected positional argument of type int: expected"),  # type: ignore[call-arg, arg-type]
    "gate option": (lambda: Gate(failed=1), "unexpected argument 'failed': expected one of max_pending, max_failed"),  # type: ignore[call-arg]
    "policy option": (lambda: Policy(timout=1), "unexpected argument 'timout': expected one of .*timeout"),  # type: ignore[call-arg]
    "option of watch": (lambda: client().watch(1, 2, timout=1), "unexpected argument 'timout': .*policy.*record.*baseline"),  # type: ignore[call-arg]
    "option of wait": (lambda: wait(chek=True), "unexpected argument 'chek': expected one of check, on_update, .*record.*baseline"),
    "option of a monitor": (lambda: Monitor(IMAGE, timout=1), "unexpected argument 'timout': expected one of image, baseline, .*timeout"),  # type: ignore[call-arg]
    "option of simulate": (lambda: clanforge.simulate(sped=2), "unexpected argument 'sped': expected one of scenario, images, .*speed"),  # type: ignore[call-arg]
    "plain values": (lambda: Policy.from_dict({"gate": {1}}), "invalid value \\{1\\}: expected a string, a number, or a list or dictionary"),
}

WRONG_VALUES: dict[str, tuple[Any, str]] = {
    "retries": (lambda: client(retries=-1), "invalid retries -1: expected an integer from 0 to 4294967295"),
    "timeout": (lambda: client(timeout=-0.5), "invalid timeout -0.5: expected a number of seconds from 0, or a timedelta"),
    "timedelta": (lambda: client(timeout=timedelta(-1)), "invalid timeout datetime.timedelta.*: expected a number of seconds"),
    "infinite": (lambda: client(timeout=10**400), "invalid timeout 10+: expected a number of seconds"),
    "long": (lambda: client().image_status(1, 2, timeout=1e30), "invalid `timeout` 10+: expected a number of seconds from 0 to"),
    "auth_scheme": (lambda: client(auth_scheme="digest"), "invalid auth_scheme of type str: expected one of 'basic', 'sigv4'"),
    "seed": (lambda: wait(seed=-1), "invalid seed -1: expected an integer from 0 to 18446744073709551615"),
    "large seed": (lambda: wait(seed=2**64), "invalid seed 18446744073709551616: expected an integer"),
    "image": (lambda: ImageRef(1, 2**64), "invalid image_id 18446744073709551616: expected an integer"),
    "per": (lambda: Gate(per="Region"), "invalid per 'Region': expected one of 'total', 'fleet', 'region'"),  # type: ignore[arg-type]
    "max_failed": (lambda: Gate(max_failed=-1), "invalid max_failed -1: expected a number of machines from 0, or a percentage"),
    "confirmations": (lambda: Policy(confirmations=-1), "invalid confirmations -1: expected an integer"),
    "kind": (lambda: ReadFailure("bogus", "failed"), "invalid kind 'bogus': expected one of 'configuration'"),  # type: ignore[arg-type]
    "port": (lambda: clanforge.simulate(port=70000), "invalid port 70000: expected an integer from 0 to 65535"),
    "speed": (lambda: clanforge.simulate(speed=-1), "speed.*-1"),
}


@pytest.mark.parametrize(("make", "message"), WRONG_TYPES.values(), ids=WRONG_TYPES)
def test_a_wrong_type_is_a_type_error_that_names_argument_and_value(make: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=message) as raised:
        make()
    assert isinstance(raised.value, clanforge.ClanforgeError)
    assert_plain(raised.value)


@pytest.mark.parametrize(("make", "message"), WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_a_wrong_value_is_a_value_error_that_names_argument_and_value(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        make()
    assert isinstance(raised.value, clanforge.ClanforgeError)
    assert not isinstance(raised.value, TypeError)
    assert_plain(raised.value)


def assert_plain(error: BaseException) -> None:
    for word in ("_native", "OverflowError", "u64", "u32", "JSON serializable", "NoneType", "`null`"):
        assert word not in str(error)


@pytest.mark.parametrize("number", [numpy.int64, numpy.uint8, numpy.int16])
def test_integers_of_numpy_are_integers(number: Callable[[int], Any]) -> None:
    assert ImageRef(number(1), number(2)) == ImageRef(1, 2)
    assert type(ImageRef(number(1), number(2)).image_id) is int
    assert MachineCounts(number(1), number(2), number(3)) == MachineCounts(1, 2, 3)
    assert Gate(max_failed=number(3), min_completed=number(2)) == Gate(max_failed=3, min_completed=2)
    assert Policy(confirmations=number(3), timeout=number(60), settle=number(1)) == Policy(confirmations=3, timeout=60, settle=1)
    with client(retries=number(3), timeout=number(5)), clanforge.simulate(port=number(0), speed=number(2), image_id=number(2)) as service:
        assert service.client().image_status(number(1), number(2), retries=number(1), timeout=number(60)).total_machines == 54


@pytest.mark.parametrize("number", [numpy.float64, numpy.float32, Decimal])
def test_durations_are_numbers_of_any_library(number: Callable[[str], Any]) -> None:
    assert Policy(timeout=number("60.5")).timeout == 60.5
    assert Monitor(IMAGE).observe(number("0.5"), STATUS).update.elapsed == 0.5


@pytest.mark.parametrize("make", [clanforge.Client, ImageRef, Gate, clanforge.simulate, Monitor, clanforge.Client.watch])
def test_signatures_name_the_arguments(make: Callable[..., object]) -> None:
    assert not {"arguments", "args"} & inspect.signature(make).parameters.keys()


def test_a_type_error_of_a_function_that_was_called_is_passed_on() -> None:
    @named_arguments
    def add(number: int) -> int:
        return number + "1"  # type: ignore[operator]

    with pytest.raises(TypeError, match="unsupported operand"):
        add(1)

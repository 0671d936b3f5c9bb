"""Print the public names of the installed package, one a line: types, their members, and what a caller may leave out."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import clanforge


def names() -> Iterator[str]:
    for name in clanforge.__all__:
        value = getattr(clanforge, name)
        if inspect.ismodule(value):
            continue
        yield name
        if inspect.isclass(value):
            yield from members(name, value)
        elif inspect.isfunction(value):
            yield from options(name, value)


def members(owner: str, of: type) -> Iterator[str]:
    # What a public base has already is not said again.
    bases = [each for each in mro(of)[1:] if getattr(clanforge, each.__name__, None) is each]
    known = {name for each in bases for name in vars(each)}
    annotated = {name for each in mro(of) for name in each.__dict__.get("__annotations__", ())}
    found = annotated | {name for each in mro(of) for name in vars(each)}
    for name in sorted(found - known):
        if name.startswith("_"):
            continue
        yield f"{owner}.{name}"
        value = inspect.getattr_static(of, name, None)
        function = getattr(value, "__func__", value)
        if inspect.isfunction(function):
            yield from options(f"{owner}.{name}", function)
    if inspect.isfunction(of.__dict__.get("__init__")) and of.__module__.startswith("clanforge"):
        yield from options(f"{owner}.new", of.__init__)


def mro(of: type) -> list[type]:
    """Return the classes of this package that a class is made of."""
    return [each for each in of.__mro__ if each.__module__.startswith("clanforge")]


def options(function: str, of: Any) -> Iterator[str]:
    for parameter in inspect.signature(of).parameters.values():
        if parameter.default is not parameter.empty:
            yield f"{function}({parameter.name})"


print("\n".join(sorted(set(names()))))

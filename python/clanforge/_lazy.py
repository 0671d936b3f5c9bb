"""Modules that are imported on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def attributes(package: dict[str, Any], modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package.

    ``modules`` maps each name to the module that exports it, and a module to itself.
    """

    def attribute(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package['__name__']!r} has no attribute {name!r}")
        module = import_module(f".{modules[name]}", package["__name__"])
        value = package[name] = module if modules[name] == name else getattr(module, name)
        return value

    return attribute

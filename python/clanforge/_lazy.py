"""Modules that are imported on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def attributes(package: dict[str, Any], modules: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package for these modules and the names that they export."""

    def attribute(name: str) -> Any:
        if name in modules:
            return import_module(f".{name}", package["__name__"])
        for module, names in modules.items():
            if name in names:
                value = package[name] = getattr(import_module(f".{module}", package["__name__"]), name)
                return value
        raise AttributeError(f"module {package['__name__']!r} has no attribute {name!r}")

    return attribute

"""JSON, loaded when it is first needed: importing it costs more than most scripts ever read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping


def loads(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError as error:
        raise ConfigurationError(f"a text that is no JSON: {error}") from None


def dumps(value: Any) -> str:
    import json

    return json.dumps(value)


def field(data: Mapping[str, Any], name: str, what: str) -> Any:
    """Return a field, or raise what lacks it."""
    try:
        return data[name]
    except (KeyError, TypeError, IndexError):
        raise ConfigurationError(f"{what} without {name}: {data!r:.200}") from None

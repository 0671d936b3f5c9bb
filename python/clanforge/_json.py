"""JSON. The module `json` is imported on first use: importing it takes longer than most scripts use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self


def loads(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError as error:
        raise ConfigurationError(f"invalid JSON: {error}") from None


def dumps(value: Any) -> str:
    import json

    return json.dumps(value)


def field(data: Mapping[str, Any], name: str, what: str) -> Any:
    """Return a field of an object, and raise where it is missing."""
    try:
        return data[name]
    except (KeyError, TypeError, IndexError):
        raise ConfigurationError(f"missing field {name} of {what}: {data!r:.200}") from None


class Record:
    """A value that can be converted to a dictionary and JSON."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the value as plain values."""
        raise NotImplementedError

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Create the value from a dictionary, as `to_dict` returns it."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Create the value from JSON, as `to_json` returns it."""
        return cls.from_dict(loads(text))

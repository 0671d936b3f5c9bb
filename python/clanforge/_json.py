"""JSON, loaded when it is first needed: importing it costs more than most scripts ever read."""

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


class Record:
    """A value that plain dictionaries and JSON can hold."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the value as plain values."""
        raise NotImplementedError

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the value of a dictionary that `to_dict` made."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the value of a text that `to_json` made."""
        return cls.from_dict(loads(text))

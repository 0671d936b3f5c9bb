"""Values that the core validates and that are stored as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ._json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self


class Validated:
    """An immutable value, comparable by its JSON, hashable and picklable."""

    __slots__ = ("_json",)

    _type_name: ClassVar[str]
    _json: str

    @staticmethod
    def _check(text: str) -> str:
        """Check the JSON, and return it with every field."""
        raise NotImplementedError

    def _set_json(self, text: str) -> None:
        object.__setattr__(self, "_json", self._check(text))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name}: a {self._type_name} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete {name}: a {self._type_name} is immutable")

    def to_dict(self) -> dict[str, Any]:
        """Return every field, as plain values."""
        fields: dict[str, Any] = loads(self._json)
        return fields

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return self._json

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Create the value from a dictionary. Missing fields have their defaults; an unknown field is an error."""
        return cls.from_json(dumps(data))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Create the value from JSON, as `to_json` returns it."""
        value = cls.__new__(cls)
        value._set_json(text)
        return value

    def _non_default_fields(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults."""
        default = self.from_dict({}).to_dict()
        return {name: value for name, value in self.to_dict().items() if value != default[name]}

    def __eq__(self, other: object) -> bool:
        return self._json == other._json if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._json)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self).from_json, (self._json,))

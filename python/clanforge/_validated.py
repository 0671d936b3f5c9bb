"""Values that the core has checked, and that it holds as the text of their JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ._json import dumps, loads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self


class Checked:
    """An immutable value, equal to another by its text, hashable; it can be pickled."""

    __slots__ = ("_text",)

    _what: ClassVar[str]
    _text: str

    @staticmethod
    def _check(text: str) -> str:
        """Return the text with every field, or raise what is wrong with it."""
        raise NotImplementedError

    def _hold(self, text: str) -> None:
        object.__setattr__(self, "_text", self._check(text))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {self._what} is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {self._what} is immutable: {name} cannot be deleted")

    def to_dict(self) -> dict[str, Any]:
        """Return every field, as plain values."""
        fields: dict[str, Any] = loads(self._text)
        return fields

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return self._text

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the value of a dictionary; fields that are left out have their defaults, an unknown one is an error."""
        return cls.from_json(dumps(data))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the value of a text that `to_json` made."""
        made = cls.__new__(cls)
        made._hold(text)
        return made

    def _changed(self) -> dict[str, Any]:
        """Return the fields that are not the default."""
        default = self.from_dict({}).to_dict()
        return {name: value for name, value in self.to_dict().items() if value != default[name]}

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self).from_json, (self._text,))

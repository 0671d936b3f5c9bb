"""Values that convert to and from dictionaries and JSON, and options that the core checks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from operator import index
from os import PathLike, fspath
from typing import Any, ClassVar, NamedTuple, TypeAlias, TypeVar

from .._generated.errors import ConfigurationError
from .python_errors import ArgumentTypeError

if sys.version_info >= (3, 11):
    from typing import Self as Self
    from typing import Unpack as Unpack
    from typing import dataclass_transform
else:
    from typing_extensions import Self as Self
    from typing_extensions import Unpack as Unpack
    from typing_extensions import dataclass_transform

Duration: TypeAlias = float | timedelta
"""A duration: a number of seconds, or a ``timedelta``."""

Path: TypeAlias = str | PathLike[str]
"""The path of a file."""


def loads(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError as error:
        raise ConfigurationError(f"invalid JSON: {error}") from None


def dumps(value: Any) -> str:
    import json

    def refuse(each: Any) -> None:
        raise mistyped("value", each, "a string, a number, or a list or dictionary of these")

    return json.dumps(value, default=refuse)


def field(data: Mapping[str, Any], name: str, what: str) -> Any:
    """Return a field of a dictionary, or raise an error that names the field that is missing."""
    try:
        return data[name]
    except (KeyError, TypeError, IndexError):
        raise ConfigurationError(f"invalid {what}: {name} is missing in {data!r:.200}") from None


Taker: TypeAlias = Callable[[str, Any], Any]
"""Returns an argument as JSON represents it, or raises an error that names the argument, its value and what is expected."""


class Codec(NamedTuple):
    """How a field is converted to JSON and back.

    Attributes:
        json: Its name in JSON.
        model: The class or `Union` of its value, a tuple of one class for a tuple of values, or ``None`` for plain values.
        optional: Whether JSON omits the field if it is ``None``.
        take: Checks a value and, for an option, returns it as JSON represents it.
    """

    json: str
    model: Any = None
    optional: bool = False
    take: Taker | None = None


_R = TypeVar("_R", bound="Record")
_T = TypeVar("_T")
_F = TypeVar("_F", bound=Callable[..., Any])


def named_arguments(function: _F) -> _F:
    """Wrap a function, so that a call with arguments that it does not take raises an `ArgumentTypeError` that names them."""

    @wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return function(*arguments, **options)
        except TypeError as error:
            # If the traceback has no frame of the function, the call itself failed.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
        raise _misfit(function, arguments, options)

    return call  # type: ignore[return-value]


def _misfit(function: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any]) -> ArgumentTypeError:
    from inspect import Parameter, signature

    names = argument_names(function)
    given = arguments[1:] if "self" in signature(function).parameters else arguments
    parameters = [each for each in signature(function).parameters.values() if each.name in names]
    positional = [each.name for each in parameters if each.kind is Parameter.POSITIONAL_OR_KEYWORD]
    for name in options:
        if name not in names:
            return unexpected(name, names)
    if len(given) > len(positional):
        kind = type(given[len(positional)]).__name__
        by_name = ", ".join(name for name in names if name not in positional)
        expected = [*positional, f"a keyword argument: one of {by_name}"] if by_name else positional
        return ArgumentTypeError(f"unexpected positional argument of type {kind}: expected {', '.join(expected)}")
    for name in positional[: len(given)]:
        if name in options:
            return ArgumentTypeError(f"argument {name!r} is given twice")
    passed = (*positional[: len(given)], *options)
    missing = [each.name for each in parameters if each.default is Parameter.empty and each.name not in passed]
    return ArgumentTypeError(f"missing {' and '.join(missing)}: expected {', '.join(names)}")


def argument_names(function: Callable[..., Any]) -> list[str]:
    """Return the names of the arguments of a function, with those of the `TypedDict` of its ``**options``."""
    from inspect import Parameter, signature

    names: list[str] = []
    for name, parameter in signature(function).parameters.items():
        if parameter.kind is Parameter.VAR_KEYWORD:
            names += vars(sys.modules[function.__module__])[parameter.annotation[len("Unpack[") : -1]].__annotations__
        elif name != "self":
            names.append(name)
    return names


def unexpected(name: str, names: Iterable[str]) -> ArgumentTypeError:
    """Return the error for an argument that does not exist."""
    return ArgumentTypeError(f"unexpected argument {name!r}: expected one of {', '.join(names)}")


def check_names(options: Mapping[str, object], *known: str) -> None:
    """Check that there are options of these names."""
    for name in options:
        if name not in known:
            raise unexpected(name, known)


class _LazyFields:
    """The ``__dataclass_fields__`` of a record, made on first use: `dataclasses` takes longer to import than this package."""

    def __get__(self, record: object, cls: type[Record]) -> dict[str, Any]:
        from dataclasses import make_dataclass
        from typing import get_type_hints

        hints = get_type_hints(cls)
        fields = [(name, hints[name]) for name in cls._codecs]
        known: dict[str, Any] = vars(make_dataclass(cls.__name__, fields))["__dataclass_fields__"]
        cls.__dataclass_fields__ = known
        return known


@dataclass_transform(frozen_default=True)
class Record:
    """An immutable value that converts to and from a dictionary and JSON. The module `dataclasses` sees a frozen dataclass."""

    __slots__: tuple[str, ...] = ()

    __dataclass_fields__: ClassVar[Any] = _LazyFields()
    _constants: ClassVar[dict[str, Any]] = {}
    _codecs: ClassVar[dict[str, Codec]]

    def __init_subclass__(cls) -> None:
        setattr(cls, "__match_args__", tuple(getattr(cls, "_codecs", ())))
        if "__init__" in vars(cls):
            setattr(cls, "__init__", named_arguments(vars(cls)["__init__"]))

    def _set(self, *values: Any) -> None:
        for (name, codec), value in zip(self._codecs.items(), values, strict=True):
            object.__setattr__(self, name, value if codec.take is None else codec.take(name, value))
        self.__post_init__()

    def __post_init__(self) -> None:
        """Check the values."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name}: {type(self).__name__} is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"cannot delete {name}: {type(self).__name__} is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return (restored, (type(self), self._values()))

    def to_dict(self) -> dict[str, Any]:
        """Return a dictionary of plain values, with the names of the command's JSON; durations are in seconds."""
        data = dict(self._constants)
        for name, codec in self._codecs.items():
            value = getattr(self, name)
            if value is not None or not codec.optional:
                data[codec.json] = _encoded(value)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return an object from a dictionary of `to_dict`.

        Raises:
            ConfigurationError: if a field is missing or invalid.
        """
        for name, expected in cls._constants.items():
            if field(data, name, cls.__name__) != expected:
                raise ConfigurationError(f"invalid {cls.__name__}: {name} is {data[name]!r}, expected {expected!r}")
        return cls(
            **{
                name: _decoded(codec.model, field(data, codec.json, cls.__name__))
                for name, codec in cls._codecs.items()
                if not codec.optional or codec.json in data
            }
        )

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self._codecs)

    def __eq__(self, other: object) -> bool:
        return self._values() == other._values() if isinstance(other, type(self)) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        values = (f"{name}={value!r}" for name, value in zip(self._codecs, self._values()))
        return f"{type(self).__name__}({', '.join(values)})"

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return an object from the JSON of `to_json`."""
        return cls.from_dict(loads(text))


class Union:
    """A record of one of several classes, by the value of the field ``tag``."""

    def __init__(self, tag: str, members: Mapping[str, type[Record]]) -> None:
        self._tag = tag
        self._members = members

    def from_dict(self, data: Mapping[str, Any]) -> Any:
        """Return the record that a dictionary of its `to_dict` represents."""
        member = self._members.get(field(data, self._tag, self._tag))
        if member is None:
            raise ConfigurationError(f"invalid {self._tag} {data[self._tag]!r}: expected one of {', '.join(self._members)}")
        return member.from_dict(data)


class Options(Record):
    """Options that the core has checked; each has a default."""

    __slots__ = ()

    @staticmethod
    def _check(text: str) -> str:
        """Return the JSON of all options, or raise an error that says what is wrong with them."""
        raise NotImplementedError

    def _set(self, *values: Any) -> None:
        self._load(dumps(taken(self._codecs, dict(zip(self._codecs, values, strict=True)))))

    def _load(self, text: str) -> None:
        data = loads(self._check(text))
        for name, codec in self._codecs.items():
            object.__setattr__(self, name, _decoded(codec.model, data[codec.json]))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return options from a dictionary; an option that is missing has its default.

        Raises:
            ConfigurationError: if an option is unknown or invalid.
        """
        options = cls.__new__(cls)
        options._load(dumps(data))
        return options

    def __repr__(self) -> str:
        default = type(self)()
        values = ((name, getattr(self, name)) for name in self._codecs)
        changed = [f"{name}={value!r}" for name, value in values if value != getattr(default, name)]
        return f"{type(self).__name__}({', '.join(changed)})"


def restored(cls: type[_R], values: tuple[Any, ...]) -> _R:
    """Return a record with values that are already checked."""
    record = cls.__new__(cls)
    for name, value in zip(cls._codecs, values, strict=True):
        object.__setattr__(record, name, value)
    return record


def _encoded(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_encoded(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value.to_dict() if hasattr(value, "to_dict") else value


def _decoded(model: Any, value: Any) -> Any:
    if value is None or model is None:
        return value
    if isinstance(model, tuple):
        return tuple(_decoded(model[0], each) for each in value)
    if model in (tuple, frozenset):
        return model(value)
    return value if isinstance(model, type) and isinstance(value, model) else model.from_dict(value)


class Setting(str):
    """The name of a setting. Any setting may hold a secret by mistake: errors show its value only if it is a number."""


def taken(codecs: Mapping[str, Codec], given: Mapping[str, Any], named: type[str] = str) -> dict[str, Any]:
    """Check options, and return them as JSON represents them."""
    made = {}
    for name, value in given.items():
        codec = codecs.get(name)
        if codec is None or codec.take is None:
            raise unexpected(name, codecs)
        made[codec.json] = codec.take(named(name), value)
    return made


def refused(name: str, value: Any, expected: str, error: type[ConfigurationError] = ConfigurationError) -> ConfigurationError:
    """Return the error for an argument with an invalid value."""
    is_shown = not isinstance(name, Setting) or isinstance(value, (int, float, timedelta))
    shown = f"{value!r:.80}" if is_shown else f"of type {type(value).__name__}"
    return error(f"invalid {name} {shown}: expected {expected}")


def mistyped(name: str, value: Any, expected: str) -> ConfigurationError:
    """Return the error for an argument of the wrong type."""
    return refused(name, value, expected, ArgumentTypeError)


def converted(convert: Callable[[Any], _T], value: Any) -> _T | None:
    """Convert a number to another type; return ``None`` for anything else, such as a boolean of Python or NumPy, or a string."""
    if type(value).__name__ not in ("bool", "bool_", "str", "bytes", "bytearray"):
        with suppress(TypeError, ValueError):
            return convert(value)
    return None


def number(name: str, value: Any, expected: str = "a number") -> float:
    try:
        real = converted(float, value)
    except OverflowError:
        real = float("inf")
    if real is None:
        raise mistyped(name, value, expected)
    return real


def seconds(name: str, value: Any) -> float:
    expected = "a number of seconds from 0, or a timedelta"
    total = getattr(value, "total_seconds", None)
    real = total() if callable(total) else number(name, value, expected)
    if not 0 <= real < float("inf"):
        raise refused(name, value, expected)
    return float(real)


def integer(minimum: int, maximum: int, expected: str | None = None) -> Taker:
    expectation = expected or f"an integer from {minimum} to {maximum}"

    def take(name: str, value: Any) -> int:
        whole = value if type(value) is int else converted(index, value)
        if whole is None:
            raise mistyped(name, value, expectation)
        if not minimum <= whole <= maximum:
            raise refused(name, value, expectation)
        return whole

    return take


def checked(kind: type[_T], expected: str) -> Callable[[str, Any], _T]:
    def take(name: str, value: Any) -> _T:
        if isinstance(value, kind):
            return value
        raise mistyped(name, value, expected)

    return take


boolean = checked(bool, "True or False")
text = checked(str, "a string")


def secret(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    raise ArgumentTypeError(f"invalid {name} of type {type(value).__name__}: expected a string")


def path(name: str, value: Any) -> str:
    file = text(name, fspath(value) if isinstance(value, PathLike) else value)
    if file.encode(errors="ignore").decode() != file:
        raise refused(name, value, "a path in UTF-8")
    return file


def word(*words: str) -> Taker:
    expected = f"one of {', '.join(map(repr, words))}"

    def take(name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise mistyped(name, value, expected)
        if value not in words:
            raise refused(name, value, expected)
        return value

    return take


def list_of(take: Callable[[str, Any], _T], expected: str) -> Callable[[str, Any], list[_T]]:
    def take_all(name: str, value: Any) -> list[_T]:
        if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
            return [take(name, each) for each in value]
        raise mistyped(name, value, expected)

    return take_all


def texts(name: str, value: Any) -> list[str]:
    return sorted(list_of(text, "a list of strings")(name, value))


def limit(name: str, value: Any) -> int | str:
    if isinstance(value, str):
        return value
    return int(integer(0, 2**64 - 1, "a number of machines from 0, or a percentage such as '5%'")(name, value))


def instance(model: type[_R]) -> Callable[[str, Any], _R]:
    return checked(model, f"a clanforge.{model.__name__}")


def options(model: type[Options]) -> Taker:
    return lambda name, value: instance(model)(name, value).to_dict()


def or_none(take: Taker) -> Taker:
    return lambda name, value: None if value is None else take(name, value)


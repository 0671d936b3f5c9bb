"""The base classes of all exceptions of this package."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar


class Cause(Exception):
    """One cause of an error, as text. The attribute ``__cause__`` of the error is a chain of these."""


class ErrorBase(Exception):
    """An exception with fields, which can be pickled and converted to a dictionary."""

    kind: ClassVar[str]

    def _chain(self, causes: Iterable[str]) -> None:
        """Set ``__cause__`` to the chain of these causes, the nearest first."""
        cause: Cause | None = None
        for text in reversed(tuple(causes)):
            further, cause = cause, Cause(text)
            cause.__cause__ = further
        setattr(self, "__cause__", cause)

    def __reduce__(self) -> tuple[Any, ...]:
        return (partial(type(self), **vars(self)), ())

    def to_dict(self) -> dict[str, Any]:
        """Return the kind, the message and the other fields as a dictionary that JSON can represent."""
        fields = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}
        return {"kind": self.kind, **fields}

"""What all exceptions of this package have in common."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar


class Cause(Exception):
    """The cause of an error in words: a link of the chain that ``__cause__`` holds."""


class ErrorBase(Exception):
    """An exception with fields: it can be pickled, and written as plain values."""

    kind: ClassVar[str]

    def _chain(self, causes: Iterable[str]) -> None:
        """Make ``__cause__`` the chain of these causes, the nearest first."""
        cause: Cause | None = None
        for text in reversed(tuple(causes)):
            further, cause = cause, Cause(text)
            cause.__cause__ = further
        setattr(self, "__cause__", cause)

    def __reduce__(self) -> tuple[Any, ...]:
        return (partial(type(self), **vars(self)), ())

    def to_dict(self) -> dict[str, Any]:
        """Return the kind, the message and the other fields, as plain values that JSON can hold."""
        fields = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}
        return {"kind": self.kind, **fields}

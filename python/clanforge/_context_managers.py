"""Base classes of objects that a ``with`` block closes."""

from __future__ import annotations

from typing import TypeVar

_C = TypeVar("_C", bound="ContextManager")
_A = TypeVar("_A", bound="AsyncContextManager")


class ContextManager:
    """An object that a ``with`` block closes."""

    __slots__ = ()

    def close(self) -> None:
        """Close the object. Further calls have no effect."""
        raise NotImplementedError

    def __enter__(self: _C) -> _C:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class AsyncContextManager:
    """An object that an ``async with`` block closes."""

    __slots__ = ()

    async def close(self) -> None:
        """Close the object. Further calls have no effect."""
        raise NotImplementedError

    async def __aenter__(self: _A) -> _A:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

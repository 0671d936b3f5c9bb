"""Base classes of objects that a ``with`` block closes."""

from __future__ import annotations

from typing import Any

from .._models.record import Self


class ContextManager:
    """An object that a ``with`` block closes."""

    __slots__ = ()

    _native: Any

    def close(self) -> None:
        """End everything that is running, and close the connections. Later calls raise a `ConfigurationError`."""
        self._native.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class AsyncContextManager:
    """An object that an ``async with`` block closes."""

    __slots__ = ()

    _native: Any

    async def close(self) -> None:
        """End everything that is running, and close the connections. Later calls raise a `ConfigurationError`."""
        self._native.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

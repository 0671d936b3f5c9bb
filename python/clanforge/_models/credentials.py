"""Credentials, and the providers that return them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias, overload

from .python_errors import ArgumentTypeError
from .record import dumps, secret
from .._generated.errors import ConfigurationError

__all__ = ["Credentials"]


class Credentials:
    """The credentials that a ``credentials_provider`` returns: an access key with its secret key, or a token.

    ``repr`` and errors do not show them, and they cannot be pickled.

    Args:
        token: A bearer token.
        access_key: The access key, with ``secret_key``.
        secret_key: The secret key, with ``access_key``.
        auth_scheme: How the keys authenticate: ``"basic"``, or ``"sigv4"``, which signs each request.

    >>> Credentials(token="a secret")
    Credentials(token=[redacted])
    """

    __slots__ = ("_fields",)
    _fields: dict[str, str]

    @overload
    def __init__(self, *, token: str) -> None: ...
    @overload
    def __init__(self, *, access_key: str, secret_key: str, auth_scheme: Literal["basic", "sigv4"] = ...) -> None: ...
    def __init__(self, **fields: str) -> None:
        if fields.keys() not in ({"token"}, {"access_key", "secret_key"}, {"access_key", "secret_key", "auth_scheme"}):
            raise ArgumentTypeError("invalid credentials: expected token, or access_key and secret_key")
        for name, value in fields.items():
            secret(name, value)
        object.__setattr__(self, "_fields", fields)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name}: credentials are immutable")

    def __repr__(self) -> str:
        parts = [f"{name}=[redacted]" for name in self._fields if name != "auth_scheme"]
        return f"Credentials({', '.join(parts)})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("cannot pickle credentials: they are secrets")


CredentialsProvider: TypeAlias = Callable[[], Credentials | Awaitable[Credentials]]
"""A function or a coroutine function that returns credentials."""


def credentials_json(credentials: object) -> str:
    """Check the value that a provider returned, and return it in JSON for the native module."""
    if isinstance(credentials, Credentials):
        return dumps(credentials._fields)
    if hasattr(credentials, "__await__"):
        # Python warns of a coroutine that is never awaited.
        getattr(credentials, "close", lambda: None)()
        raise ConfigurationError("the credentials provider is a coroutine function: use AsyncClient, or a plain function")
    raise ConfigurationError(f"the credentials provider returned a {type(credentials).__name__}: expected clanforge.Credentials")

"""Credentials, and the providers that return them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, overload

from ._json import dumps
from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    CredentialsProvider: TypeAlias = Callable[[], "Credentials | Awaitable[Credentials]"]

__all__ = ["AuthScheme", "Credentials"]

AuthScheme: TypeAlias = Literal["basic", "sigv4"]
"""How an access key and its secret key authenticate: with Basic authentication, or with AWS Signature Version 4."""


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
    def __init__(self, *, access_key: str, secret_key: str, auth_scheme: AuthScheme = ...) -> None: ...
    def __init__(self, **fields: str) -> None:
        if fields.keys() not in ({"token"}, {"access_key", "secret_key"}, {"access_key", "secret_key", "auth_scheme"}):
            raise TypeError("invalid credentials: expected token, or access_key and secret_key")
        for name, value in fields.items():
            if not isinstance(value, str):
                raise ConfigurationError(f"invalid {name} of type {type(value).__name__}: expected a str")
        object.__setattr__(self, "_fields", fields)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name}: credentials are immutable")

    def __repr__(self) -> str:
        parts = [f"{name}=[redacted]" for name in self._fields if name != "auth_scheme"]
        return f"Credentials({', '.join(parts)})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("cannot pickle credentials: they are secrets")


def credentials_json(credentials: object) -> str:
    """Check the value that a provider returned, and return it in JSON for the native module."""
    if isinstance(credentials, Credentials):
        return dumps(credentials._fields)
    raise ConfigurationError(f"the credentials provider returned a {type(credentials).__name__}: expected clanforge.Credentials")


def blocking_provider(provider: CredentialsProvider | None) -> Callable[[], str] | None:
    """Wrap a provider for blocking calls."""
    if provider is None:
        return None

    def provide() -> str:
        credentials = provider()
        if hasattr(credentials, "__await__"):
            if hasattr(credentials, "close"):
                credentials.close()
            raise ConfigurationError("the credentials provider is a coroutine function: use AsyncClient, or a plain function")
        return credentials_json(credentials)

    return provide

"""Credentials as a provider returns them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, overload

from ._json import dumps
from .errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    CredentialsProvider: TypeAlias = Callable[[], "Credentials | Awaitable[Credentials]"]

__all__ = ["AuthScheme", "Credentials"]

AuthScheme: TypeAlias = Literal["basic", "sigv4"]
"""What is made of an access key and its secret key: Basic authentication, or AWS Signature Version 4."""


class Credentials:
    """An access key with its secret key, or a token: what a ``credentials_provider`` returns.

    Neither ``repr`` nor an error shows them, and they cannot be pickled.

    Args:
        token: A bearer token.
        access_key: The access key, with ``secret_key``.
        secret_key: The secret key, with ``access_key``.
        auth_scheme: What is made of both keys: ``"basic"``, or ``"sigv4"``, by which they sign each request.

    >>> Credentials(token="a secret")
    Credentials(token=[redacted])
    """

    __slots__ = ("_given",)
    _given: dict[str, str]

    @overload
    def __init__(self, *, token: str) -> None: ...
    @overload
    def __init__(self, *, access_key: str, secret_key: str, auth_scheme: AuthScheme = ...) -> None: ...
    def __init__(self, **given: str) -> None:
        if given.keys() not in ({"token"}, {"access_key", "secret_key"}, {"access_key", "secret_key", "auth_scheme"}):
            raise TypeError("credentials are a token, or access_key and secret_key")
        for name, value in given.items():
            if not isinstance(value, str):
                raise ConfigurationError(f"invalid {name}: a text, and no {type(value).__name__}")
        object.__setattr__(self, "_given", given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("credentials are immutable")

    def __repr__(self) -> str:
        shown = [f"{name}=[redacted]" for name in self._given if name != "auth_scheme"]
        return f"Credentials({', '.join(shown)})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("credentials are secrets: they cannot be pickled")


def native_credentials(given: object) -> str:
    """Return what a provider returned as the native half takes it."""
    if isinstance(given, Credentials):
        return dumps(given._given)
    raise ConfigurationError(f"the credentials provider returned a {type(given).__name__}: it must return Credentials")


def blocking(provider: CredentialsProvider | None) -> Callable[[], str] | None:
    """Return a provider as a blocking call asks it."""
    if provider is None:
        return None

    def provide() -> str:
        given = provider()
        if hasattr(given, "__await__"):
            if hasattr(given, "close"):
                given.close()
            raise ConfigurationError("the credentials provider is asynchronous: use AsyncClient")
        return native_credentials(given)

    return provide

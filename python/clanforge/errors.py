"""The exceptions of this package.

Every exception is a `ClanforgeError` with the fields of the error. Its text states what happened, to what, why and what to do, without secrets.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._updates import Outcome

__all__ = [
    "ApiError",
    "AuthenticationError",
    "Cause",
    "ClanforgeError",
    "ConfigurationError",
    "ConnectionError",
    "DecodeError",
    "InternalError",
    "NotFoundError",
    "NotReadyError",
    "PermissionDeniedError",
    "RateLimitedError",
    "RedirectError",
    "ServerError",
    "TimeoutError",
]


class ClanforgeError(Exception):
    """The base class of all exceptions of this package.

    Attributes:
        message: What happened, to what, why and what to do, in one line.
        kind: The kind of error, such as ``"not_found"``: the same word in every language.
        status: The HTTP status of the response, where there was one.
        request_id: The request ID of the response, where it has one. The support of the service asks for it.
        attempts: The number of requests sent.
        elapsed: The duration of the call, in seconds.
        retry_after: How long the service asked the client to wait, in seconds, where it did.
        api_code: The error code of the response body, where it has one.
        api_message: The error message of the response body, where it has one.
        json_path: The JSONPath of the invalid value in the response body, for a `DecodeError`.
        causes: The technical details of the cause, the nearest first; ``__cause__`` holds the same as a chain of `Cause`.
    """

    kind: str = "internal"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        request_id: str | None = None,
        attempts: int = 0,
        elapsed: float = 0.0,
        retry_after: float | None = None,
        api_code: str | None = None,
        api_message: str | None = None,
        json_path: str | None = None,
        causes: list[str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.request_id = request_id
        self.attempts = attempts
        self.elapsed = elapsed
        self.retry_after = retry_after
        self.api_code = api_code
        self.api_message = api_message
        self.json_path = json_path
        self.causes = list(causes or [])
        cause: Cause | None = None
        for text in reversed(self.causes):
            inner, cause = cause, Cause(text)
            cause.__cause__ = inner
        self.__cause__ = cause

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickle, (type(self), vars(self)))

    def to_dict(self) -> dict[str, Any]:
        """Return the kind, the message and the other fields as plain values, which can be written as JSON."""
        return {"kind": self.kind, **vars(self)}


class Cause(Exception):
    """A cause of an error: a link of the chain in ``__cause__``."""


def _unpickle(error: type[ClanforgeError], fields: dict[str, Any]) -> ClanforgeError:
    return error(**fields)


class ConfigurationError(ClanforgeError, ValueError):
    """An argument or setting is invalid. No request was sent."""

    kind = "configuration"


class AuthenticationError(ClanforgeError):
    """The service rejected the credentials (401)."""

    kind = "authentication"


class PermissionDeniedError(ClanforgeError):
    """The service denied the request (403). It also does so for unknown credentials."""

    kind = "permission_denied"


class NotFoundError(ClanforgeError):
    """The image or account service does not exist (404)."""

    kind = "not_found"


class RateLimitedError(ClanforgeError):
    """There were too many requests (429); see ``retry_after``."""

    kind = "rate_limited"


class ServerError(ClanforgeError):
    """The service returned a server error (5xx)."""

    kind = "server"


class ApiError(ClanforgeError):
    """The response body is an error of the service, whatever the HTTP status; see ``api_code`` and ``api_message``."""

    kind = "api"


class RedirectError(ClanforgeError):
    """The service returned a redirect (3xx), which the client does not follow."""

    kind = "redirect"


class ConnectionError(ClanforgeError, builtins.ConnectionError):
    """The connection to the service failed."""

    kind = "connection"


class TimeoutError(ClanforgeError, builtins.TimeoutError):
    """An attempt or the call exceeded its timeout, or the service returned 408."""

    kind = "timeout"


class DecodeError(ClanforgeError, ValueError):
    """The response is not an image status; see ``json_path``."""

    kind = "decode"


class InternalError(ClanforgeError):
    """A bug in this library."""

    kind = "internal"


class NotReadyError(ClanforgeError):
    """A wait ended without being ready: raised by `Outcome.raise_for_status`.

    Attributes:
        outcome: How it ended.
    """

    kind = "not_ready"

    def __init__(self, message: str, *, outcome: Outcome | None = None, **fields: Any) -> None:
        super().__init__(message, **fields)
        self.outcome = outcome

    def to_dict(self) -> dict[str, Any]:
        """Return the kind, the message and the other fields, with the outcome as a dictionary."""
        return {**super().to_dict(), "outcome": self.outcome.to_dict() if self.outcome is not None else None}


_BY_KIND: dict[str, type[ClanforgeError]] = {
    error.kind: error
    for error in (
        ConfigurationError,
        AuthenticationError,
        PermissionDeniedError,
        NotFoundError,
        RateLimitedError,
        ServerError,
        ApiError,
        RedirectError,
        ConnectionError,
        TimeoutError,
        DecodeError,
        InternalError,
    )
}


def _from_kind(kind: str, message: str, **fields: Any) -> ClanforgeError:
    return _BY_KIND[kind](message, **fields)

"""What a call raises.

Every exception is a `ClanforgeError` with the fields of the error; its text states the cause in
one line and holds neither a key nor a query.
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
    """The base of all that this package raises.

    Attributes:
        message: What happened, to what, why and what to do, in one line.
        kind: What kind of thing it was, such as ``"not_found"``: the same word in every language.
        status: The HTTP status of the answer, where there was one.
        request_id: The service's id of the request, where the answer had one: what its support asks for.
        attempts: How many requests were sent.
        elapsed: How long the call took, in seconds.
        retry_after: How long the service asked to wait, in seconds, where it did.
        api_code: The service's own code of the error, where it gave one.
        api_message: The service's own words, where it gave some.
        json_path: Where in the answer the mistake is, as JSONPath, for a `DecodeError`.
        causes: The technical details below the message, the nearest first; ``__cause__`` holds the same as a chain of `Cause`.
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
            further, cause = cause, Cause(text)
            cause.__cause__ = further
        self.__cause__ = cause

    def __reduce__(self) -> tuple[Any, ...]:
        return (_made_again, (type(self), vars(self)))

    def to_dict(self) -> dict[str, Any]:
        """Return the kind, the message and the other fields, as plain values that JSON can hold."""
        return {"kind": self.kind, **vars(self)}


class Cause(Exception):
    """What an error came of, in words: a link of the chain that ``__cause__`` holds."""


def _made_again(error: type[ClanforgeError], fields: dict[str, Any]) -> ClanforgeError:
    return error(**fields)


class ConfigurationError(ClanforgeError, ValueError):
    """The client or the call is set up wrongly; nothing was sent."""

    kind = "configuration"


class AuthenticationError(ClanforgeError):
    """The service does not accept the credentials (401)."""

    kind = "authentication"


class PermissionDeniedError(ClanforgeError):
    """The service forbids the call (403), as it does for credentials that it does not know as well."""

    kind = "permission_denied"


class NotFoundError(ClanforgeError):
    """The service has no such image or account service (404)."""

    kind = "not_found"


class RateLimitedError(ClanforgeError):
    """The service asks for fewer calls (429); see ``retry_after``."""

    kind = "rate_limited"


class ServerError(ClanforgeError):
    """The service failed (5xx)."""

    kind = "server"


class ApiError(ClanforgeError):
    """The service said no in its own words, whatever the HTTP status; see ``api_code`` and ``api_message``."""

    kind = "api"


class RedirectError(ClanforgeError):
    """The service sent the client elsewhere (3xx), where credentials must not follow."""

    kind = "redirect"


class ConnectionError(ClanforgeError, builtins.ConnectionError):
    """The service could not be reached, or the connection broke."""

    kind = "connection"


class TimeoutError(ClanforgeError, builtins.TimeoutError):
    """An attempt or the whole call took longer than allowed, or the service gave up waiting (408)."""

    kind = "timeout"


class DecodeError(ClanforgeError, ValueError):
    """The answer is no image status; see ``json_path``."""

    kind = "decode"


class InternalError(ClanforgeError):
    """A defect of this library."""

    kind = "internal"


class NotReadyError(ClanforgeError):
    """A wait did not end as ready: raised by `Outcome.raise_for_status`.

    Attributes:
        outcome: How it ended.
    """

    kind = "not_ready"

    def __init__(self, message: str, *, outcome: Outcome | None = None, **fields: Any) -> None:
        super().__init__(message, **fields)
        self.outcome = outcome

    def to_dict(self) -> dict[str, Any]:
        """Return the kind, the message and the other fields, the outcome as its `Outcome.to_dict`."""
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


def _of_kind(kind: str, message: str, **fields: Any) -> ClanforgeError:
    return _BY_KIND[kind](message, **fields)

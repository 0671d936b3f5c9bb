"""What a client is made with, and how loudly it logs."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from ._json import dumps
from .errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import timedelta

    from ._credentials import AuthScheme, CredentialsProvider

    Duration: TypeAlias = float | timedelta


class Settings(TypedDict, total=False):
    """The settings of a client; durations in seconds, or as ``timedelta``."""

    access_key: str
    """The access key, with ``secret_key``."""
    secret_key: str
    """The secret key, with ``access_key``."""
    token: str
    """A bearer token, in place of both keys."""
    auth_scheme: AuthScheme
    """What is made of both keys: ``"basic"``, the default, or ``"sigv4"``, by which they sign each request."""
    credentials_provider: CredentialsProvider
    """What returns `Credentials` when a call needs them: a function, or for `AsyncClient` also a coroutine function. It is
    asked before the first request, and once more in a call whose credentials are refused with HTTP 401; what it raises ends
    the call or the wait. A function blocks whoever runs it, in `AsyncClient` the event loop, and no timeout of ours ends it:
    bound its own time, and use no client there that asks it."""
    base_url: str
    """The service's address."""
    timeout: Duration
    """How long a call may take, retries and pauses included."""
    attempt_timeout: Duration
    """How long one attempt may take."""
    connect_timeout: Duration
    """How long opening a connection may take."""
    retries: int
    """How many more attempts may follow a failed one."""
    backoff: tuple[Duration, Duration]
    """The pause before a first retry, drawn up to this, and the longest."""
    idle_timeout: Duration
    """How long a connection is kept for the next call."""
    max_body_bytes: int
    """The longest answer that is read, in bytes."""
    ca_file: str | os.PathLike[str]
    """A file of certificates to trust, as PEM, and no others; those of ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``, of ``REQUESTS_CA_BUNDLE``, or the platform's, by default."""
    extra_ca_file: str | os.PathLike[str]
    """A file of certificates to trust as well, as PEM."""
    proxy: str
    """The proxy to use, whatever the environment says."""
    no_proxy: bool
    """Use no proxy, whatever the environment says."""
    allow_http: bool
    """Send credentials in clear text beyond this machine: for test servers only."""
    user_agent: str
    """What the product calls itself, in front of this package's own name."""


def seconds(name: str, duration: Duration) -> float:
    """Return a duration in seconds, or raise what is wrong with it."""
    total: object = getattr(duration, "total_seconds", None)
    number = total() if callable(total) else duration
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number < float("inf"):
        # What is no number may be a secret in the wrong place.
        given = repr(number) if isinstance(number, (int, float)) else f"of type {type(duration).__name__}"
        raise ConfigurationError(f"invalid {name} {given}: seconds as a number from 0, or a timedelta")
    return float(number)


_BUNDLE = "REQUESTS_CA_BUNDLE"
_PATHS = frozenset({"ca_file", "extra_ca_file"})
_DURATIONS = ("timeout", "attempt_timeout", "connect_timeout", "idle_timeout")


def native(settings: Settings) -> str:
    """Return the settings as the native half takes them."""
    unknown = settings.keys() - Settings.__annotations__.keys()
    if unknown:
        raise TypeError(f"unexpected setting {sorted(unknown)[0]!r}: one of {', '.join(Settings.__annotations__)}")
    has_keys = [name for name in ("access_key", "secret_key") if settings.get(name) is not None]
    if len(has_keys) == 1:
        raise ConfigurationError(f"{has_keys[0]} without its other half: give access_key and secret_key")
    if has_keys and settings.get("token") is not None:
        raise ConfigurationError("access_key and token: give one kind of credentials")
    provider = settings.get("credentials_provider")
    if provider is not None:
        if not callable(provider):
            raise ConfigurationError(f"invalid credentials_provider of type {type(provider).__name__}: a function")
        if has_keys or settings.get("token") is not None:
            raise ConfigurationError("credentials and a credentials_provider: give one or the other")
    made: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    if provider is not None:
        made["credentials_provider"] = True
    for name in _DURATIONS:
        if name in made:
            made[name] = seconds(name, made[name])
    if "backoff" in made:
        first, longest = made["backoff"]
        made["backoff"] = (seconds("backoff", first), seconds("backoff", longest))
    for name in _PATHS & made.keys():
        made[name] = os.fspath(made[name])
    bundle = os.environ.get(_BUNDLE)
    if bundle:
        made["default_ca"] = (_BUNDLE, bundle)
    return dumps(made)


def log_level() -> int:
    """Return from which level on somebody wants to read logs; 0 where nobody does."""
    logging = sys.modules.get("logging")
    if logging is None:
        return 0
    logger = logging.getLogger("clanforge")
    level: int = logger.getEffectiveLevel()
    return max(level, 1) if level < logging.WARNING and logger.isEnabledFor(level) else 0

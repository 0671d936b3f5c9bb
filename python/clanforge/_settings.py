"""The settings of a client, and its log level."""

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
    """A bearer token, instead of the keys."""
    auth_scheme: AuthScheme
    """How the keys authenticate: ``"basic"``, the default, or ``"sigv4"``, which signs each request."""
    credentials_provider: CredentialsProvider
    """A function that returns `Credentials`, or for `AsyncClient` also a coroutine function. It is called before the first
    request, and once more in a call that gets HTTP 401. Its exception ends the call or the wait. A plain function blocks its
    caller, in `AsyncClient` the event loop, and the timeouts of the client do not end it: give it a timeout of its own. It
    must not use the client that calls it."""
    base_url: str
    """The base URL of the service."""
    timeout: Duration
    """The timeout of a call, including retries."""
    attempt_timeout: Duration
    """The timeout of one attempt."""
    connect_timeout: Duration
    """The timeout for opening a connection to one address."""
    retries: int
    """The maximum number of retries."""
    backoff: tuple[Duration, Duration]
    """The upper bounds of the first and of the longest backoff before a retry."""
    idle_timeout: Duration
    """How long an idle connection is kept open."""
    max_body_bytes: int
    """The maximum size of a response body, in bytes."""
    ca_file: str | os.PathLike[str]
    """A CA bundle (PEM) that replaces all other trust anchors. Defaults to those of ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``, else of
    ``REQUESTS_CA_BUNDLE``, else of the platform."""
    extra_ca_file: str | os.PathLike[str]
    """A CA bundle (PEM) to trust in addition."""
    proxy: str
    """The URL of a proxy; overrides the environment."""
    no_proxy: bool
    """Use no proxy, even where the environment names one."""
    allow_http: bool
    """Allow `http://` addresses beyond this machine, which sends credentials in clear text. For test servers only."""
    user_agent: str
    """The name of your product, which precedes the name of this package in the `User-Agent` header."""


def seconds(name: str, duration: Duration) -> float:
    """Check a duration, and return it in seconds."""
    total: object = getattr(duration, "total_seconds", None)
    number = total() if callable(total) else duration
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number < float("inf"):
        # Anything but a number may be a secret in the wrong place.
        value = repr(number) if isinstance(number, (int, float)) else f"of type {type(duration).__name__}"
        raise ConfigurationError(f"invalid {name} {value}: expected seconds as a number from 0, or a timedelta")
    return float(number)


_BUNDLE = "REQUESTS_CA_BUNDLE"
_PATHS = frozenset({"ca_file", "extra_ca_file"})
_DURATIONS = ("timeout", "attempt_timeout", "connect_timeout", "idle_timeout")


def settings_json(settings: Settings) -> str:
    """Check settings, and return them in JSON for the settings_json module."""
    unknown = settings.keys() - Settings.__annotations__.keys()
    if unknown:
        raise TypeError(f"unexpected setting {sorted(unknown)[0]!r}: expected one of {', '.join(Settings.__annotations__)}")
    has_keys = [name for name in ("access_key", "secret_key") if settings.get(name) is not None]
    if len(has_keys) == 1:
        raise ConfigurationError(f"{has_keys[0]} was given alone: give both access_key and secret_key")
    if has_keys and settings.get("token") is not None:
        raise ConfigurationError("access_key and token were both given: give only one kind of credentials")
    provider = settings.get("credentials_provider")
    if provider is not None:
        if not callable(provider):
            raise ConfigurationError(f"invalid credentials_provider of type {type(provider).__name__}: expected a function")
        if has_keys or settings.get("token") is not None:
            raise ConfigurationError("credentials and a credentials_provider were both given: give only one of them")
    fields: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    if provider is not None:
        fields["credentials_provider"] = True
    for name in _DURATIONS:
        if name in fields:
            fields[name] = seconds(name, fields[name])
    if "backoff" in fields:
        first, longest = fields["backoff"]
        fields["backoff"] = (seconds("backoff", first), seconds("backoff", longest))
    for name in _PATHS & fields.keys():
        fields[name] = os.fspath(fields[name])
    bundle = os.environ.get(_BUNDLE)
    if bundle:
        fields["default_ca"] = (_BUNDLE, bundle)
    return dumps(fields)


def log_level() -> int:
    """Return the level from which on the logger ``clanforge`` is enabled; 0 where it is not."""
    logging = sys.modules.get("logging")
    if logging is None:
        return 0
    logger = logging.getLogger("clanforge")
    level: int = logger.getEffectiveLevel()
    return max(level, 1) if level < logging.WARNING and logger.isEnabledFor(level) else 0

"""Calls that block their thread."""

from __future__ import annotations

from typing import Any

from .. import _clanforge
from .._models.credentials import CredentialsProvider, credentials_json
from .._models.record import mistyped
from .settings import log_level


def run(call: _clanforge.Call, provider: CredentialsProvider | None) -> Any:
    """Run a call on this thread, and return its result."""
    return call.run(log_level(), None if provider is None else lambda: credentials_json(provider()))


def finished(result: object) -> None:
    """Check that a function that starts a rollout returned nothing that has to be awaited."""
    from inspect import isawaitable, iscoroutine

    if isawaitable(result):
        if iscoroutine(result):
            result.close()
        raise mistyped("result of deploy", result, "no awaitable; for a coroutine function, use AsyncClient")

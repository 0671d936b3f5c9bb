"""The exceptions that exist only in Python."""

from __future__ import annotations

from typing import Any

import clanforge

from .._generated.errors import ClanforgeError, ConfigurationError


class NotReadyError(ClanforgeError):
    """A wait did not end as ready: `Outcome.raise_for_status` and `CombinedOutcome.raise_for_status` raise it.

    Attributes:
        outcome: The `Outcome` of the wait, or its `CombinedOutcome` for several images.
        exit_code: The exit code of the ``clanforge`` command for that outcome.
    """

    kind = "not_ready"

    def __init__(self, message: str, *, outcome: clanforge.Outcome | clanforge.CombinedOutcome, **fields: Any) -> None:
        super().__init__(message, **fields)
        self.outcome = outcome

    @property
    def exit_code(self) -> int:  # type: ignore[override]
        return self.outcome.exit_code

    def to_dict(self) -> dict[str, Any]:
        """Return the kind, the message and the other fields as a dictionary; the outcome is the result of its ``to_dict``."""
        return {**super().to_dict(), "outcome": self.outcome.to_dict()}


class ArgumentTypeError(ConfigurationError, TypeError):
    """An argument has the wrong type, or there is no such argument. Nothing was sent."""


for _error in (NotReadyError, ArgumentTypeError):
    _error.__module__ = "clanforge"

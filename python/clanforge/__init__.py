"""Tells whether a game image has reached the machines of a fleet on Multiplay Clanforge, and waits until it has.

>>> with simulate("happy", speed=600) as service, service.client() as client:
...     before = client.baseline(1234, 5678)
...     # here the new version is deployed
...     outcome = client.wait(1234, 5678, baseline=before, max_interval=0.2, min_interval=0.05)
...     outcome.raise_for_status().reason
'ready: 54 of 54 machines completed, 0 pending, 0 failed'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _clanforge
from ._client import Client, Watch, image_status
from ._gate import CountName, Gate, Limit, Per, Scope, ScopeVerdict, Shortfall, Verdict
from ._models import (
    FleetStatus,
    ImageRef,
    ImageStatus,
    MachineCounts,
    Mismatch,
    Readiness,
    RegionRow,
    RegionStatus,
)
from ._monitor import Monitor, Step
from ._policy import Baseline, Policy, WaitOptions
from ._settings import Settings
from ._updates import (
    Changes,
    Estimate,
    Freshness,
    Outcome,
    OutcomeKind,
    ReadFailed,
    ReadFailure,
    ReadingTaken,
    Update,
)
from .errors import (
    ApiError,
    AuthenticationError,
    ClanforgeError,
    ConfigurationError,
    ConnectionError,
    DecodeError,
    InternalError,
    NotFoundError,
    NotReadyError,
    PermissionDeniedError,
    RateLimitedError,
    RedirectError,
    ServerError,
    TimeoutError,
)
from .simulator import Simulation, scenarios, simulate

if TYPE_CHECKING:
    from . import aio
    from .aio import AsyncClient, AsyncWatch

__version__: str = _clanforge.__version__

__all__ = [
    "ApiError",
    "AsyncClient",
    "AsyncWatch",
    "AuthenticationError",
    "Baseline",
    "Changes",
    "ClanforgeError",
    "Client",
    "ConfigurationError",
    "ConnectionError",
    "CountName",
    "DecodeError",
    "Estimate",
    "FleetStatus",
    "Freshness",
    "Gate",
    "ImageRef",
    "ImageStatus",
    "InternalError",
    "Limit",
    "MachineCounts",
    "Mismatch",
    "Monitor",
    "NotFoundError",
    "NotReadyError",
    "Outcome",
    "OutcomeKind",
    "Per",
    "PermissionDeniedError",
    "Policy",
    "RateLimitedError",
    "ReadFailed",
    "ReadFailure",
    "Readiness",
    "ReadingTaken",
    "RedirectError",
    "RegionRow",
    "RegionStatus",
    "Scope",
    "ScopeVerdict",
    "ServerError",
    "Settings",
    "Shortfall",
    "Simulation",
    "Step",
    "TimeoutError",
    "Update",
    "Verdict",
    "WaitOptions",
    "Watch",
    "__version__",
    "aio",
    "image_status",
    "scenarios",
    "simulate",
]


def __getattr__(name: str) -> Any:
    # asyncio is imported by those who use it.
    if name in ("aio", "AsyncClient", "AsyncWatch"):
        from importlib import import_module

        aio = import_module(".aio", __name__)
        return aio if name == "aio" else getattr(aio, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

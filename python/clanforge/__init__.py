"""Checks whether a game image has reached the machines of a fleet on Multiplay Clanforge, and waits until it has.

>>> with simulate("happy", speed=120) as service, service.client() as client:
...     before = client.baseline(1234, 5678)
...     # deploy the new version here
...     outcome = client.wait(1234, 5678, baseline=before, settle=1, min_interval=0.05, max_interval=0.2)
...     outcome.raise_for_status().reason
'ready: 54 of 54 machines completed, 0 pending, 0 failed'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _clanforge
from ._client import Client, Watch, image_status
from ._credentials import Credentials
from ._generated.models import (
    Baseline,
    Changes,
    CountName,
    ErrorKind,
    Estimate,
    Freshness,
    Gate,
    ImageRef,
    Limit,
    Outcome,
    OutcomeKind,
    Per,
    Percentage,
    Policy,
    ReadFailed,
    ReadFailure,
    ReadingTaken,
    Scope,
    ScopeVerdict,
    Shortfall,
    Update,
    Verdict,
    WaitOptions,
)
from ._generated.options import AuthScheme, Settings
from ._status import (
    FleetStatus,
    ImageStatus,
    MachineCounts,
    Mismatch,
    Readiness,
    RegionRow,
    RegionStatus,
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
    from ._monitor import Monitor, Step
    from .aio import AsyncClient, AsyncWatch

__version__: str = _clanforge.__version__

__all__ = [
    "ApiError",
    "AsyncClient",
    "AsyncWatch",
    "AuthScheme",
    "AuthenticationError",
    "Baseline",
    "Changes",
    "ClanforgeError",
    "Client",
    "ConfigurationError",
    "ConnectionError",
    "CountName",
    "Credentials",
    "DecodeError",
    "ErrorKind",
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
    "Percentage",
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


# Imported on first use, so that a script with a blocking client starts fast.
_LAZY_IMPORTS = {"_monitor": ("Monitor", "Step"), "aio": ("AsyncClient", "AsyncWatch")}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _LAZY_IMPORTS:
        return import_module(f".{name}", __name__)
    for module, names in _LAZY_IMPORTS.items():
        if name in names:
            value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

"""The values that are passed to the native module: the settings of a client, the policy of a wait, images and baselines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

from .. import _clanforge
from .._generated.errors import ConfigurationError
from .._generated.models import UPDATE, Baseline, CombinedOutcome, ImageRef, Policy, Update
from .._generated.options import SETTINGS, Settings
from .._models.python_errors import ArgumentTypeError
from .._models.record import Setting, check_names, dumps, instance, integer, list_of, loads, mistyped, taken
from .._models.status import ImageStatus

Images: TypeAlias = Iterable[ImageRef | tuple[int, int]]
"""Several images: each an `ImageRef`, or a pair of an account service ID and an image ID."""

_BUNDLE = "REQUESTS_CA_BUNDLE"

_ACCOUNT_SERVICE_ID = "CLANFORGE_ACCOUNT_SERVICE_ID"

_take_account_service_id, _take_image_id = (codec.take or integer(0, 0) for codec in ImageRef._codecs.values())

_WARNING = 30
"""The level of a logger without a configuration."""


def settings_json(settings: Mapping[str, Any]) -> str:
    """Return checked settings as JSON."""
    options = dict(settings)
    provider = options.pop("credentials_provider", None)
    if provider is not None and not callable(provider):
        raise mistyped(Setting("credentials_provider"), provider, "a function")
    check_names(options, *Settings.__annotations__)
    given = {name: value for name, value in options.items() if value is not None}
    options = taken(SETTINGS, given, Setting)
    bundle = os.environ.get(_BUNDLE)
    default_ca = (_BUNDLE, bundle) if bundle else None
    return dumps({"options": options, "credentials_provider": provider is not None, "default_ca": default_ca})


def merge_settings(settings: Settings, changed: Settings) -> Settings:
    """Return the settings with some changed; changed credentials replace all others."""
    kinds = (("token",), ("access_key", "secret_key"), ("credentials_provider",))
    changed_kinds = [kind for kind in kinds if any(changed.get(name) is not None for name in kind)]
    replaced = {name for kind in kinds if changed_kinds and kind not in changed_kinds for name in kind}
    kept = {name: value for name, value in settings.items() if name not in replaced}
    return Settings(**{**kept, **changed})  # type: ignore[typeddict-item]


def image_ids(account_service_id: int | ImageRef | None, image_id: int | None) -> tuple[int, int]:
    """Return both IDs of an image, from two IDs, an ``ImageRef``, or an image ID and ``CLANFORGE_ACCOUNT_SERVICE_ID``."""
    if isinstance(account_service_id, ImageRef):
        if image_id is not None:
            raise ArgumentTypeError("unexpected argument 'image_id': an ImageRef has both IDs")
        return (account_service_id.account_service_id, account_service_id.image_id)
    if image_id is None:
        raise ArgumentTypeError("missing image_id: expected account_service_id and image_id, or an ImageRef alone")
    if account_service_id is None:
        account_service_id = _account_service_id()
    # Creating an ``ImageRef`` would take longer than everything else that a call does in Python.
    return (_take_account_service_id("account_service_id", account_service_id), _take_image_id("image_id", image_id))


def image_list(images: Images) -> list[tuple[int, int]]:
    """Return the IDs of several images."""
    expected = "a list of clanforge.ImageRef, or of pairs of an account service ID and an image ID"

    def ids(name: str, image: Any) -> tuple[int, int]:
        if isinstance(image, ImageRef):
            return image_ids(image, None)
        if isinstance(image, tuple) and len(image) == 2:
            return image_ids(*image)
        raise mistyped(name, image, expected)

    return list_of(ids, expected)("images", images)


def _account_service_id() -> int:
    value = os.environ.get(_ACCOUNT_SERVICE_ID)
    if not value:
        raise ConfigurationError(f"missing account_service_id: pass it, or set {_ACCOUNT_SERVICE_ID}")
    if not (value.isascii() and value.isdecimal()):
        # The value may be a secret in the wrong variable.
        raise ConfigurationError(f"{_ACCOUNT_SERVICE_ID} is not a number")
    return int(value)


def policy_json(options: Mapping[str, Any]) -> str:
    """Return the policy in the options of a wait as JSON. The native module checks its values."""
    base = options.get("policy")
    fields = {} if base is None else instance(Policy)("policy", base).to_dict()
    given = {name: value for name, value in options.items() if name in Policy._codecs}
    return dumps({**fields, **taken(Policy._codecs, given)})


def native_baseline(name: str, value: Any) -> tuple[tuple[int, int], _clanforge.Status, str | None]:
    """Return a baseline in the form that the native module takes."""
    baseline = instance(Baseline)(name, value)
    return (baseline.image._values(), baseline.status._native, baseline.taken_at)


def baseline_from_native(native: tuple[tuple[int, int], _clanforge.Status, str | None]) -> Baseline:
    """Return a baseline from the form that the native module returns."""
    image, status, taken_at = native
    return Baseline(ImageRef(*image), ImageStatus._from_native(status), taken_at)


def update_from_native(encoded: tuple[str, _clanforge.Status | None]) -> Update:
    """Return an update from its JSON and its status."""
    text, native = encoded
    data = loads(text)
    data["status"] = ImageStatus._from_native(native) if native is not None else None
    update: Update = UPDATE.from_dict(data)
    return update


def combined_from_native(encoded: tuple[str, list[_clanforge.Status | None]]) -> CombinedOutcome:
    """Return a combined outcome from its JSON and its statuses."""
    text, natives = encoded
    data = loads(text)
    for image, native in zip(data["outcomes"], natives, strict=True):
        if native is not None:
            image["outcome"]["status"] = ImageStatus._from_native(native)
    return CombinedOutcome.from_dict(data)


def log_level() -> int:
    """Return the lowest level for which the logger ``clanforge`` is enabled."""
    return _logger().getEffectiveLevel() if "logging" in sys.modules else _WARNING


@cache
def _logger() -> Any:
    return sys.modules["logging"].getLogger("clanforge")

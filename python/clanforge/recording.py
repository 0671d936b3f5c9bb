"""Recordings of waits, as `Client.wait` writes them with ``record`` and the command with ``--record`` or ``--output jsonl``."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from os import PathLike
from typing import Literal, NamedTuple

from . import _clanforge
from ._generated.models import UPDATE, Baseline, ImageRef, Policy, Update
from ._models.record import path, text

__all__ = ["RecordedWait", "read_recording", "report"]


class RecordedWait(NamedTuple):
    """A wait that was recorded."""

    #: The ID of the wait, by which the recording tells waits apart.
    wait: str
    #: When the wait began, in UTC.
    time: datetime
    #: The image.
    image: ImageRef
    #: The options by which the wait decided.
    policy: Policy
    #: The status before the rollout; `None` if the wait had none.
    baseline: Baseline | None
    #: The updates; the last is the outcome, unless the wait was interrupted or ended with an error.
    updates: tuple[Update, ...]


def read_recording(file: str | PathLike[str]) -> list[RecordedWait]:
    """Return the waits of a recording, in the order in which they began.

    An incomplete last line, which a process leaves if it is killed, is ignored with a warning in the log.

    >>> import tempfile
    >>> file = tempfile.mkstemp(suffix=".jsonl")[1]
    >>> with simulate("failures-stay") as service, service.client() as client:
    ...     outcome = client.wait(1234, 5678, start_grace=0, settle=0, record=file)
    >>> read_recording(file)[0].updates[-1] == outcome
    True

    Raises:
        ConfigurationError: if the file is not a recording.
        OSError: if the file cannot be read.
    """
    with open(path("file", file), encoding="utf-8") as lines:
        recording = json.loads(_clanforge.parse_recording(lines.read()))
    for warning in recording["warnings"]:
        logging.getLogger("clanforge").warning("%s: %s", file, warning)
    return [
        RecordedWait(
            header["wait"],
            datetime.fromisoformat(header["time"].replace("Z", "+00:00")),
            ImageRef.from_dict(header["image"]),
            Policy.from_dict(header["policy"]),
            None if header["baseline"] is None else Baseline.from_dict(header["baseline"]),
            tuple(map(UPDATE.from_dict, updates)),
        )
        for header, updates in ((wait["header"], wait["updates"]) for wait in recording["waits"])
    ]


def report(file: str | PathLike[str], format: Literal["html", "svg", "md"] = "html") -> str:
    """Return a report of the waits of a recording: an HTML page without scripts, an SVG image, or Markdown.

    >>> import tempfile
    >>> file = tempfile.mkstemp(suffix=".jsonl")[1]
    >>> with simulate("failures-stay") as service, service.client() as client:
    ...     outcome = client.wait(1234, 5678, start_grace=0, settle=0, record=file)
    >>> report(file).startswith("<!doctype html>")
    True

    Raises:
        ConfigurationError: if the file is not a recording, or the format is unknown.
        OSError: if the file cannot be read.
    """
    with open(path("file", file), encoding="utf-8") as lines:
        return _clanforge.report(lines.read(), text("format", format))

"""JSON, loaded when it is first needed: importing it costs more than most scripts ever read."""

from __future__ import annotations

from typing import Any


def loads(text: str) -> Any:
    import json

    return json.loads(text)


def dumps(value: Any) -> str:
    import json

    return json.dumps(value)

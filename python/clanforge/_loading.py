"""Loads the native module, or says why it cannot be loaded and what to do."""

from __future__ import annotations

import os

__all__: list[str] = []


def _explained(error: ImportError) -> str:
    import platform

    folder = os.path.dirname(__file__)
    if not os.path.isdir(folder):
        return f"clanforge cannot be imported from an archive, because it has a native module: extract the archive, or install clanforge into a folder ({folder})"
    files = [name for name in os.listdir(folder) if name.startswith("_clanforge.") and not name.endswith(".pyi")]
    if not files:
        return f"the native module of clanforge is missing in {folder}: install the package with pip instead of copying its source files"
    system = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()} {platform.machine()}"
    return (
        f"could not load {', '.join(files)} in {folder} with {system}: {error}; it may have been built for another platform: "
        "install clanforge again, with the pip of this Python on this machine"
    )


try:
    from . import _clanforge as _clanforge
except ImportError as error:
    raise ImportError(_explained(error), name="clanforge._clanforge") from error

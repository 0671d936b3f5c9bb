"""The command: ``clanforge`` and ``python -m clanforge``."""

from __future__ import annotations

import signal
import sys

from . import _clanforge


def main() -> int:
    """Run the command with the arguments of the process, and return its exit code."""
    # The command installs its own handlers. Python's handler would never run while the command blocks the main thread.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _clanforge.main(["clanforge", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())

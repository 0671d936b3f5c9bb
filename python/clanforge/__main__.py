"""The command: ``clanforge`` and ``python -m clanforge``."""

from __future__ import annotations

import signal
import sys

from . import _clanforge


def main() -> int:
    """Run the command with the process's arguments, and return its exit code."""
    # The command has handlers of its own; without them Ctrl-C ends it at once, and with Python's never.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _clanforge.main(["clanforge", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())

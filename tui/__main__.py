"""`broadsheet` and `python -m tui`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the exit status.

    Where it asks for the app, the first frame is on the screen before anything else is loaded.
    """
    if None in (sys.stdin, sys.stdout, sys.stderr):  # one was closed
        from tui.streams import open_missing

        open_missing()
    try:
        from tui.early import start

        start.begin(sys.argv[1:])
    except KeyboardInterrupt:  # pressed while Python was still loading
        return 130
    try:
        from tui.cli import main as run

        return run()
    except KeyboardInterrupt:
        return 130
    finally:
        start.leave()


if __name__ == "__main__":
    sys.exit(main())

"""`broadsheet` and `python -m tui`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the exit status."""
    try:
        from tui.cli import main as run
    except KeyboardInterrupt:  # pressed while Python was still loading
        return 130
    return run()


if __name__ == "__main__":
    sys.exit(main())

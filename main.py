"""The program's one entry: a window without a verb, the command line with one, a sealed worker with `--worker KIND`.

Decides which and nothing else. Each of the three loads only its own half of the program: a worker must not even have
Qt, the keyring or the database in memory.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Run what the arguments ask for and return the exit code."""
    argv = sys.argv[1:]
    if argv[:1] == ["--worker"]:
        from engine.worker_main import run

        run(argv[1] if len(argv) > 1 else "", argv[2:])
    from engine import sandbox, tripwire

    sandbox.harden_this_process()  # before the first key or document is in memory
    tripwire.install()  # before any library that could open a connection; the door is told of attempts once it is there
    if not _wants_window(argv):
        from engine import command_line

        return command_line.main(argv)
    from desktop import application

    return application.main(argv)


def _wants_window(argv: list[str]) -> bool:
    """No verb and no question about the program: at most another data folder is named."""
    return not argv or (argv[0] == "--profile" and len(argv) == 2) or (argv[0].startswith("--profile=") and len(argv) == 1)


if __name__ == "__main__":
    # Workers run isolated (`python -I`), where Python leaves the program's own folder out of its path.
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    sys.exit(main())

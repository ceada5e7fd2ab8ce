"""Plays a transfer in processes of its own that may be killed at any point. Not a test: test_download_kills.py uses it.

    download_child.py LIBRARY ID HUB CDN

Stays warm and forks for each line it is told: `run`, or `step N`, which ends the process as by kill -9 at its Nth file
operation. Answers with the process id, with `over` at its end, and, told so by another line, with its exit status. A
transfer that is through prints its files.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

from engine.errors import StrongroomError
from engine.model_records import DownloadId
from engine.models.download_journal import DownloadFolder
from engine.models.fetch import Patience
from engine.models.line import Line, Progress
from engine.models.rate_limit import RateLimit
from engine.models.transfer import Transfer
from engine.network import Interruption, NetworkDoor
from engine.network_records import Connection
from engine.policy import NetworkPolicy, hosts_of_hub

KILLED = 137
FILE_EVENTS = {"open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.truncate", "shutil.rmtree"}


class NoLog:
    def begin(self, connection: Connection) -> int:
        return 1

    def end(self, connection: Connection) -> None:
        """Nothing is kept here."""


class HubAt:
    """As much of a hub as a transfer asks for."""

    def __init__(self, url: str) -> None:
        self.url, self.host = url, "127.0.0.1"

    def file_url(self, repository: str, revision: str, path: str) -> str:
        return f"{self.url}/{repository}/resolve/{revision}/{path}"

    def headers(self, repository: str) -> dict[str, str]:
        return {}


def end_at(step: int, library: str) -> None:
    n_steps = 0

    def heard(name: str, arguments: tuple[object, ...]) -> None:
        nonlocal n_steps
        if name in FILE_EVENTS and str(arguments[0]).startswith(library):
            n_steps += 1
            if n_steps == step:
                os._exit(KILLED)

    sys.addaudithook(heard)


class Small(socket.socket):
    """Next to nothing waits in the system for being read, so that what the server counts is what came here."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 10)


def transfer(library: Path, download: str, hub: str, cdn: str) -> None:
    door = NetworkDoor(NoLog())
    door.use(NetworkPolicy(frozenset({"models"}), {"models": hosts_of_hub(hub, [cdn])}), "none")
    folder = DownloadFolder(library, DownloadId(download))
    folder.hold(download)
    journal = folder.read()
    assert journal is not None
    line = Line(door, HubAt(hub), RateLimit(lambda: None), Interruption(), Progress(), Patience(first_s=0.01))  # type: ignore[arg-type]
    placed = Transfer(folder, journal, line, "127.0.0.1").run()
    folder.remove()
    print("done", *(file.name for file, _ in placed), flush=True)


def main() -> None:
    library, download, hub, cdn = sys.argv[1:]
    socket.socket = Small  # type: ignore[misc]
    while command := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            try:
                if command.startswith("step"):
                    end_at(int(command.split()[1]), library)
                transfer(Path(library), download, hub, cdn)
            except StrongroomError as error:
                print("failed", error, flush=True)
            os._exit(0)
        print("pid", child, flush=True)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # its number stays its own while somebody may still kill it
        print("over", flush=True)
        sys.stdin.readline()
        print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()

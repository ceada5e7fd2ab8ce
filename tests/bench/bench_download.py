"""Downloads beside curl, from the same server in one run. Run: python tests/bench/bench_download.py

A server on the loopback address sends one file again and again: to curl, which writes it and nothing more; to our
transfer, which also computes the checksum of the whole and of each part, notes the parts, waits for the disk, verifies
and puts the file into its place. Once as fast as both sides can, which is a race of processors, and once as fast as a
gigabit line brings it. Then how long a pause takes, and how fast kept bytes are read again. Each figure is the median of
three runs, turn by turn.
"""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

N_BYTES, RUNS = 512 << 20, 3
LINE = 125e6  # bytes a second of a gigabit


class Sendfile(http.server.BaseHTTPRequestHandler):
    """Sends one file by the system's shortest way, so that the server is not what is measured."""

    protocol_version = "HTTP/1.1"
    file: Path

    def do_GET(self) -> None:
        start = int(self.headers.get("range", "bytes=0-")[6:].rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(N_BYTES - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{N_BYTES - 1}/{N_BYTES}")
        self.end_headers()
        self.wfile.flush()
        with self.file.open("rb") as stream:
            try:
                if not self.path.startswith("/line"):
                    self.connection.sendfile(stream, start)
                    return
                stream.seek(start)
                began, n_sent = time.monotonic(), 0
                while piece := stream.read(1 << 18):
                    self.connection.sendall(piece)
                    n_sent += len(piece)
                    time.sleep(max(0.0, began + n_sent / LINE - time.monotonic()))
            except OSError:
                self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        """Quiet."""


class NoLog:
    def begin(self, connection: object) -> int:
        return 1

    def end(self, connection: object) -> None:
        """Nothing is kept."""


class HubAt:
    def __init__(self, url: str) -> None:
        self.url, self.host = url, "127.0.0.1"

    def file_url(self, repository: str, revision: str, path: str) -> str:
        return f"{self.url}/{path}"

    def headers(self, repository: str) -> dict[str, str]:
        return {}


class Transfers:
    """Our transfer of the file, as a download runs it."""

    def __init__(self, url: str, library: Path, sha256: str) -> None:
        self.url, self.library, self.sha256 = url, library, sha256

    def prepare(self) -> None:
        from engine.model_records import DownloadId
        from engine.models.download_journal import DownloadFolder, Journal, JournalFile
        from engine.models.fetch import Patience
        from engine.models.line import Line, Progress
        from engine.models.rate_limit import RateLimit
        from engine.models.transfer import Transfer
        from engine.network import Interruption, NetworkDoor
        from engine.policy import NetworkPolicy, hosts_of_hub

        door = NetworkDoor(NoLog())
        door.use(NetworkPolicy(frozenset({"models"}), {"models": hosts_of_hub(self.url)}), "none")
        file = JournalFile("large.gguf", N_BYTES, self.sha256, target="large.gguf")
        self.folder = DownloadFolder(self.library, DownloadId("large"))
        journal = Journal(self.folder.id, "Large", "large", "Q4", "acme/large", "", "", (file,))
        self.folder.hold("large.gguf")
        self.folder.write(journal)
        self.interruption, self.progress = Interruption(), Progress()
        line = Line(door, HubAt(self.url), RateLimit(lambda: None), self.interruption, self.progress, Patience())  # type: ignore[arg-type]
        self.transfer = Transfer(self.folder, journal, line, "127.0.0.1")

    def run(self) -> None:
        self.transfer.run()
        self.clear()

    def clear(self) -> None:
        from engine.models import provenance

        self.folder.remove()
        self.folder.release()
        (self.library / "large.gguf").unlink(missing_ok=True)
        provenance.remove(self.library / "large.gguf")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def curl(url: str, target: Path, *, durable: bool) -> None:
    subprocess.run(["curl", "-s", "-o", target, f"{url}/large.gguf"], check=True)
    if durable:
        with target.open("rb") as file:
            os.fsync(file.fileno())
    target.unlink()


def paused(transfers: Transfers) -> tuple[float, float]:
    """How long a pause takes in the middle of a slower transfer, and how long each kept byte then takes to be read."""
    from engine.models.quarantine import Quarantine
    from engine.network import Interrupted

    transfers.prepare()

    def run() -> None:
        try:
            transfers.transfer.run()
        except Interrupted:
            return

    thread = threading.Thread(target=run)
    thread.start()
    while transfers.progress.n_done < N_BYTES // 2:
        time.sleep(0.01)
    begun = time.perf_counter()
    transfers.interruption.interrupt()
    while transfers.progress.phase != "paused":
        time.sleep(0.0005)
    took = time.perf_counter() - begun
    thread.join()
    begun = time.perf_counter()
    quarantine = Quarantine(transfers.folder.place, 1, lambda: None)
    again = (time.perf_counter() - begun) / quarantine.n_bytes
    quarantine.close()
    transfers.clear()
    return took, again


def serve(file: Path) -> None:
    """In a process of its own: tell the port, then serve until it is ended."""
    Sendfile.file = file
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sendfile)
    print(server.server_address[1], flush=True)
    server.serve_forever()


def made(file: Path) -> str:
    """Fill a file with anything; returns its checksum."""
    digest = hashlib.sha256()
    with file.open("wb") as out:
        for _ in range(N_BYTES >> 20):
            out.write(piece := os.urandom(1 << 20))
            digest.update(piece)
    return digest.hexdigest()


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sha256 = made(folder / "served")
        command = [sys.executable, __file__, "--serve", str(folder / "served")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"
            times: dict[str, list[float]] = {
                name: [] for name in ("curl", "curl, then fsync", "ours", "curl, line", "ours, line")
            }
            pauses = []
            for _ in range(RUNS):
                times["curl"].append(timed(lambda: curl(url, folder / "curled", durable=False)))
                times["curl, then fsync"].append(timed(lambda: curl(url, folder / "curled", durable=True)))
                times["curl, line"].append(timed(lambda: curl(f"{url}/line", folder / "curled", durable=False)))
                for name, source in (("ours", url), ("ours, line", f"{url}/line")):
                    transfers = Transfers(source, folder, sha256)
                    transfers.prepare()
                    times[name].append(timed(transfers.run))
                pauses.append(paused(Transfers(f"{url}/line", folder, sha256)))
            server.terminate()
    median = {name: statistics.median(values) for name, values in times.items()}
    figures: dict[str, float] = {f"{name}, MB/s": round(N_BYTES / 1e6 / seconds) for name, seconds in median.items()}
    figures["ours / curl, time"] = round(median["ours"] / median["curl"], 2)
    figures["ours / curl, then fsync, time"] = round(median["ours"] / median["curl, then fsync"], 2)
    figures["ours / curl on a gigabit line, time"] = round(median["ours, line"] / median["curl, line"], 2)
    figures["longest pause, ms"] = round(max(took for took, _ in pauses) * 1000, 1)
    figures["kept bytes read again, MB/s"] = round(1e-6 / statistics.median(again for _, again in pauses))
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]))
    else:
        main()

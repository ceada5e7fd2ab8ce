"""Bring the files of one download into quarantine, verify them, and only then put them into the library.

Blocking; runs in a thread of its own. What it decides is in the journal before it acts on it, so a later run can go on
after whatever ended this one. Knows nothing of the loop, of events, or of other downloads.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from engine.errors import ChecksumWrong, FileChanged, FileUnfit, NetworkFailed, StrongroomError
from engine.models import quarantine as kept
from engine.models.disk_errors import check_room, disk_errors
from engine.models.download_journal import DownloadFolder, Journal
from engine.models.fetch import Body
from engine.models.line import Line
from engine.models.provenance import Provenance
from engine.models.quarantine import Complete, Quarantine
from engine.models.repair import mend
from engine.models.settling import Settling
from engine.network import Interrupted

GGUF = b"GGUF"


class Transfer:
    """One run of a download, whose `folder` is held by the caller. `source` is the hub's host, for the records."""

    def __init__(self, folder: DownloadFolder, journal: Journal, line: Line, source: str) -> None:
        self._folder, self._line, self._source = folder, line, source
        self.journal = journal
        self._settling = Settling(folder)
        self._host = source

    def run(self) -> list[tuple[Path, Provenance]]:
        """Returns the files of the library with what is known of them. Raises NetworkError, FetchError; Interrupted."""
        self._line.progress.n_bytes = self.journal.n_bytes
        try:
            with disk_errors(self._folder.library, self._missing, self.journal.files[0].path):
                for number, file in enumerate(self.journal.files):
                    if not self._settling.is_settled(number, file):
                        self._bring(number)
                self._line.look()
                self._line.progress.say("verifying")
                return self._settling.place(self.journal, self._write, self._source)
        except Interrupted:
            self._line.progress.say("paused")
            raise

    def _bring(self, number: int) -> None:
        """Have file `number` of the journal complete, verified and written down as such."""
        self._change(number, found=None)
        if self.journal.files[number].known_parts:
            self._line.progress.n_done = self._n_elsewhere(number)
            complete = mend(self._folder, self.journal, number, self._line)
        else:
            complete = self._fetched(number)
        file = self.journal.files[number]
        if file.sha256 is not None and complete.sha256 != file.sha256:
            kept.discard(self._folder.place, number + 1)
            raise ChecksumWrong(file=file.path, host=self._host, expected=file.sha256, found=complete.sha256)
        if file.sha256 is None and not _is_gguf(complete.file):  # nothing else is known of what it should be
            kept.discard(self._folder.place, number + 1)
            raise FileUnfit(file=file.path, reason="not_a_gguf")
        self._change(
            number,
            n_bytes=complete.n_bytes,
            found=complete.sha256,
            part_sha256=complete.part_sha256,
            mtime_ns=complete.file.stat().st_mtime_ns,
        )

    # ------------------------------------------------------------ bytes
    def _fetched(self, number: int) -> Complete:
        with self._opened(number) as quarantine:
            self._say_done(number, quarantine)
            self._line.patiently(lambda: self._fetch(number, quarantine), lambda: quarantine.n_bytes)
            self._line.progress.say("verifying")
            return quarantine.complete()

    @contextlib.contextmanager
    def _opened(self, number: int) -> Iterator[Quarantine]:
        """The quarantine of a file; what came is kept for good whatever ends this."""
        file = self.journal.files[number]
        if kept.kept_bytes(self._folder.place, number + 1, part_bytes=file.part_bytes):
            self._line.progress.say("verifying")
        quarantine = Quarantine(self._folder.place, number + 1, self._line.look, part_bytes=file.part_bytes)
        try:
            yield quarantine
        except FileChanged:
            if file.sha256 is None:  # nothing could tell afterwards which bytes are of which version
                quarantine.restart()
            quarantine.keep()
            raise
        except (Interrupted, StrongroomError) as end:
            if isinstance(end, Interrupted):
                self._line.progress.say("paused")  # nothing comes any more; the disk may take longer
            quarantine.keep()
            raise
        except OSError:
            with contextlib.suppress(OSError):  # a full disk may still take the checksum of the last part
                quarantine.keep()
            raise
        finally:
            quarantine.close()

    def _fetch(self, number: int, quarantine: Quarantine) -> None:
        """One request, for everything that is not there yet."""
        file = self.journal.files[number]
        if quarantine.n_bytes == file.n_bytes:
            return
        self._line.progress.say("connecting")
        wanted = self._line.wanted(self.journal, file)
        with self._line.opened(wanted, quarantine.n_bytes) as body:
            n_bytes = self._length(number, body, quarantine.n_bytes)
            if body.start < quarantine.n_bytes:  # a server without ranges begins at the beginning
                self._line.progress.say("retrying")
                quarantine.restart()
            for chunk in self._line.chunks(body):
                if quarantine.n_bytes + len(chunk) > n_bytes:
                    raise FileChanged(file=file.path, host=body.host)
                quarantine.append(chunk)
                self._say_done(number, quarantine)
                self._line.progress.say("downloading")
        if quarantine.n_bytes < n_bytes:
            raise NetworkFailed(host=self._host, reason="broken_off", detail=f"{n_bytes - quarantine.n_bytes} bytes missing")

    def _length(self, number: int, body: Body, n_there: int) -> int:
        """How long the file is; where nobody has said so yet, the answer must, and the disk must have room for it."""
        self._host = body.host
        file = self.journal.files[number]
        if file.n_bytes is not None:
            if file.sha256 is None and not file.etag and body.etag:
                self._change(number, etag=body.etag)
            return file.n_bytes
        if body.total is None:
            raise NetworkFailed(host=body.host, reason="bad_answer", detail="no length")
        check_room(self._folder.library, body.total - n_there, kept=n_there > 0)
        self._change(number, n_bytes=body.total, etag=body.etag)
        self._line.progress.n_bytes = self.journal.n_bytes
        return body.total

    # ------------------------------------------------------------ what is written down, and what is told
    def _change(self, number: int, **changes: object) -> None:
        self._write(self.journal.with_file(number, msgspec.structs.replace(self.journal.files[number], **changes)))

    def _write(self, journal: Journal) -> None:
        self._folder.write(journal)
        self.journal = journal

    def _say_done(self, number: int, quarantine: Quarantine) -> None:
        self._line.progress.n_done = self._n_elsewhere(number) + quarantine.n_bytes

    def _n_elsewhere(self, number: int) -> int:
        """Bytes of the other files that are verified."""
        others = (file for other, file in enumerate(self.journal.files) if other != number)
        return sum(file.n_bytes or 0 for file in others if file.found)

    def _missing(self) -> int | None:
        n_bytes = self.journal.n_bytes
        return None if n_bytes is None else n_bytes - self._line.progress.n_done


def _is_gguf(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(GGUF)) == GGUF

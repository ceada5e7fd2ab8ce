"""Reading in the real sealed process: pages as they come, pausing, leaving, passwords, limits and sudden death."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from engine.documents import reader
from engine.documents.extraction import extract
from engine.documents.protocol import Opened, PagesRead, ReadDocument
from engine.documents.reader import Limits, read_document
from engine.errors import DocumentEncrypted, DocumentTooLarge, DocumentUnreadable
from engine.sealed_process import SealedProcess
from tests.engine.documents.made_documents import DATA, docx_of, image_pdf, line, mail, paragraph, text_pdf
from tests.worker.reading import read

MEGABYTE = 1024 * 1024


def workers() -> list[psutil.Process]:
    """The extract workers that this test process has."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "extract" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
    return found


async def gone(process: psutil.Process) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        await asyncio.sleep(0.01)


async def test_a_real_document_comes_page_by_page_and_just_as_read_in_process(policy_pdf: Path) -> None:
    content = policy_pdf.read_bytes()
    batches, opened = [], None
    async for step in read_document("policy.pdf", content):
        if isinstance(step, Opened):
            opened = step
        else:
            batches.append(step.pages)
    pages = [page for batch in batches for page in batch]
    assert opened is not None
    assert (opened.media_type, opened.n_pages) == ("application/pdf", len(pages))
    assert len(batches) > 10
    assert pages == list(extract("policy.pdf", content).pages)


async def test_every_other_format_is_read_under_the_seal_too() -> None:
    message = mail(text="Mail words.")
    message.add_attachment(docx_of(paragraph("Attached words.")), maintype="application", subtype="x", filename="a.docx")
    documents = {
        "a.docx": (docx_of(paragraph("Term", "Heading1") + paragraph("Word words.")), "Word words."),
        "a.md": (b"# Term\n\nMark *words*.\n", "Mark words."),
        "a.html": (b"<html><p>Web words.</p></html>", "Web words."),
        "a.txt": ("Größe".encode("cp1252"), "Größe"),
        "a.eml": (bytes(message), "Attached words."),
    }
    for name, (content, words) in documents.items():
        result = await read(name, content)
        assert result.error is None, name
        assert words in result.text, name


async def test_bytes_may_come_in_pieces() -> None:
    content = text_pdf(line("In pieces"))
    result = await read("x.pdf", (content[start : start + 10] for start in range(0, len(content), 10)))
    assert result.text == "In pieces"


async def test_a_consumer_that_pauses_pauses_the_reading(policy_pdf: Path) -> None:
    steps = read_document("policy.pdf", policy_pdf.read_bytes())
    async for step in steps:
        if isinstance(step, PagesRead):
            break
    (worker,) = workers()
    before = -1.0
    while (used := sum(worker.cpu_times()[:2])) != before:  # it finishes what is allowed ahead of the consumer
        before = used
        await asyncio.sleep(0.3)
    n_left = 0
    async for step in steps:
        n_left += len(step.pages) if isinstance(step, PagesRead) else 0
    assert n_left > 193 - 4 * 16  # most pages were not read while nobody asked for them
    await gone(worker)


async def test_leaving_the_iteration_ends_the_process(policy_pdf: Path) -> None:
    async with contextlib.aclosing(read_document("policy.pdf", policy_pdf.read_bytes())) as steps:
        async for _ in steps:
            break
        (worker,) = workers()
    await asyncio.wait_for(gone(worker), 5)


async def test_cancelling_the_reader_ends_the_process(policy_pdf: Path) -> None:
    task = asyncio.create_task(read("policy.pdf", policy_pdf.read_bytes() + bytes(100 * MEGABYTE)))
    while not workers():
        await asyncio.sleep(0.01)
    (worker,) = workers()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(gone(worker), 5)


async def test_a_password_is_asked_for_and_opens_the_document() -> None:
    content = (DATA / "needs_password.pdf").read_bytes()
    asked, refused = await read("x.pdf", content), await read("x.pdf", content, password="wrong")
    assert isinstance(asked.error, DocumentEncrypted)
    assert isinstance(refused.error, DocumentEncrypted)
    assert (asked.error.tried, refused.error.tried) == (False, True)
    assert "Jane Tenant" in (await read("x.pdf", content, password="secret")).text


async def test_a_password_is_in_no_command_line_environment_or_log(monkeypatch: pytest.MonkeyPatch) -> None:
    content = (DATA / "needs_password.pdf").read_bytes()
    seen: list[str] = []
    send = SealedProcess.send

    async def watched(process: SealedProcess, message: object) -> None:  # type: ignore[type-arg]
        await send(process, message)  # type: ignore[arg-type]
        child = psutil.Process(process.pid)
        seen.append(f"{child.cmdline()} {message!r}" if isinstance(message, ReadDocument) else "")

    monkeypatch.setattr(SealedProcess, "send", watched)
    await read("x.pdf", content, password="the-secret-word")
    assert "--worker" in "".join(seen)
    assert "the-secret-word" not in "".join(seen) + " ".join(os.environ.values())


async def test_a_scan_has_empty_pages_and_is_no_error() -> None:
    result = await read("scan.pdf", image_pdf())
    assert result.error is None
    assert [page.source for page in result.pages] == ["empty"]


async def test_a_worker_that_is_killed_once_costs_no_page(policy_pdf: Path) -> None:
    content = policy_pdf.read_bytes()
    pages, is_killed = [], False
    async for step in read_document("policy.pdf", content):
        if isinstance(step, PagesRead):
            pages += step.pages
            if not is_killed:
                workers()[0].send_signal(signal.SIGKILL)
                is_killed = True
    assert pages == list(extract("policy.pdf", content).pages)


async def test_a_worker_that_is_always_killed_is_a_crash_and_nothing_else(policy_pdf: Path) -> None:
    with pytest.raises(DocumentUnreadable) as raised:
        async for _ in read_document("policy.pdf", policy_pdf.read_bytes()):
            for worker in workers():
                worker.send_signal(signal.SIGKILL)
    assert raised.value.reason == "crashed"
    assert (await read("x.pdf", text_pdf(line("The next one")))).text == "The next one"


async def test_a_worker_that_is_silent_for_too_long_is_ended(policy_pdf: Path) -> None:
    result = await read("policy.pdf", policy_pdf.read_bytes(), limits=Limits(silence_s=0.0))
    assert result.reason == "too_slow"
    assert not workers()


async def test_a_document_that_takes_too_much_time_of_the_processor_is_ended() -> None:
    endless = text_pdf(b"BT /F1 9 Tf 1 1 Td " + b"(a) Tj " * 3_000_000 + b"ET")
    result = await read("slow.pdf", endless, limits=Limits(processor_s=1))
    assert result.reason == "too_slow"


async def test_a_worker_that_takes_more_memory_than_it_was_given_says_so_when_it_ends() -> None:
    worker: SealedProcess[ReadDocument, Opened] = await SealedProcess.start("extract", Opened, resident_limit=MEGABYTE)
    assert await worker.receive() is None
    assert await worker.wait() == 5


@pytest.mark.skipif(sys.platform == "win32", reason="memory is not watched there")
def test_what_the_program_itself_once_used_is_not_counted_against_a_worker() -> None:
    program = f"""
import asyncio, resource, sys
sys.path.insert(0, {str(Path(reader.__file__).parents[2])!r})
from engine.documents.reader import Limits
from tests.engine.documents.made_documents import line, text_pdf
from tests.worker.reading import read

grown = bytearray(b"x") * ({MEGABYTE} * 500)
del grown
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
assert peak > 400 * {MEGABYTE}
result = asyncio.run(read("x.pdf", text_pdf(line("Small words")), limits=Limits(memory=300 * {MEGABYTE})))
print(result.text, result.reason)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert said.stdout.strip() == "Small words", said.stderr


async def test_a_file_beyond_the_limit_is_refused_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 1000)
    assert isinstance((await read("x.txt", b"a" * 1001)).error, DocumentTooLarge)
    monkeypatch.undo()
    too_much = (b"a" * (64 * MEGABYTE) for _ in range(9))
    result = await read("x.txt", too_much)
    assert isinstance(result.error, DocumentTooLarge)
    assert result.error.limit == 512 * MEGABYTE


async def test_a_lying_worker_cannot_make_the_program_raise_what_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    liar = """
import os, sys
sys.path.insert(0, sys.argv[1])
from engine import wire
from engine.documents.protocol import Refused
from engine.records import Seal
channel = wire.Channel(0, 1, wire.Start)
channel.receive()
channel.send(wire.Sealed(wire.WIRE_VERSION, Seal("enforced", "enforced", "a lie")))
channel.send(Refused("store_locked", {"reason": "key_missing"}))
os.read(0, 1)
"""
    start = SealedProcess.start
    command = [sys.executable, "-c", liar, str(Path(reader.__file__).parents[2])]

    async def start_liar(kind: str, receives: object, **options: object) -> object:
        return await start(kind, receives, command=command, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(SealedProcess, "start", start_liar)
    assert (await read("x.txt", b"text")).reason == "crashed"


def test_reading_loads_neither_network_nor_store_nor_window() -> None:
    program = "import sys; import engine.documents.extract_worker, engine.documents.render_worker, engine.documents.office_text;"
    program += "print(*[name.split('.')[0] for name in sys.modules])"
    root = Path(reader.__file__).parents[2]
    loaded = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    banned = {"PySide6", "sqlcipher3", "sqlalchemy", "sqlmodel", "keyring", "httpx2", "huggingface_hub", "llama_cpp", "requests"}
    assert not banned & set(loaded)

"""How fast documents are read, drawn and searched. Ratios, since absolute figures belong to one computer.

Run: PYTHONPATH=. python tests/bench/bench_documents.py [a PDF, default build/documents/policy.pdf]
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np
import pypdfium2

from engine.documents.passages import cut
from engine.documents.pdf_text import open_pdf, read_pages
from engine.documents.protocol import Opened, PagesRead
from engine.documents.reader import read_document
from engine.documents.search import VectorIndex, fuse
from engine.documents.viewer import PageViewer
from engine.records import Document, DocumentId, MatterId

TIMES = 5
N_PASSAGES, DIMENSIONS = 3_000, 384


def main(file: Path) -> None:
    content = file.read_bytes()
    print(f"{file.name}, median of {TIMES}")
    asyncio.run(_reading(file.name, content))
    asyncio.run(_drawing(file.name, content))
    _cutting(file.name, content)
    _searching()


async def _reading(name: str, content: bytes) -> None:
    bare = [_seconds(lambda: _bare_text(content)) for _ in range(TIMES)]
    here = [_seconds(lambda: list(read_pages(open_pdf(name, content)))) for _ in range(TIMES)]
    sealed = [await _sealed(name, content) for _ in range(TIMES)]
    n_pages = sealed[0][0]
    whole, first, ready = (median(run[place] for run in sealed) for place in (3, 2, 1))
    print(f"  pypdfium2 alone, in process     {n_pages / median(bare):8.0f} pages/s   1.00")
    print(f"  same with offsets kept          {n_pages / median(here):8.0f} pages/s   {median(bare) / median(here):.2f}")
    print(f"  sealed process, all in all      {n_pages / whole:8.0f} pages/s   {median(bare) / whole:.2f}")
    print(f"  sealed process, once it is open {n_pages / (whole - ready):8.0f} pages/s   {median(bare) / (whole - ready):.2f}")
    ms = [round(seconds * 1000) for seconds in (ready, first, whole)]
    print(f"  opened after {ms[0]} ms, first pages after {ms[1]} ms, all {n_pages} after {ms[2]} ms")


def _bare_text(content: bytes) -> int:
    pdf = pypdfium2.PdfDocument(content)
    return sum(len(pdf[index].get_textpage().get_text_range()) for index in range(len(pdf)))


async def _sealed(name: str, content: bytes) -> tuple[int, float, float, float]:
    """Number of pages, and seconds until the document was open, the first pages were there, and all of them."""
    started = time.perf_counter()
    n_pages, opened, first = 0, 0.0, 0.0
    async for step in read_document(name, content):
        if isinstance(step, Opened):
            opened = time.perf_counter() - started
        elif isinstance(step, PagesRead):
            first = first or time.perf_counter() - started
            n_pages += len(step.pages)
    return n_pages, opened, first, time.perf_counter() - started


async def _drawing(name: str, content: bytes) -> None:
    viewer = PageViewer()
    document = Document(DocumentId("d"), MatterId("m"), name, "application/pdf", len(content), "", datetime.now(UTC), "ready")

    async def original() -> bytes:
        return content

    started = time.perf_counter()
    await viewer.page(document, original, 1, 900)
    first = time.perf_counter() - started
    each = []
    for page in range(20, 50):
        started = time.perf_counter()
        await viewer.page(document, original, page, 900, ((0, 400),))
        each.append(time.perf_counter() - started)
    await viewer.close()
    usual, slowest = median(each) * 1000, max(each) * 1000
    print(f"  page picture 900 px wide: first {first * 1000:.0f} ms, then {usual:.0f} ms (slowest {slowest:.0f})")


def _cutting(name: str, content: bytes) -> None:
    pages = [page.of(DocumentId("d")) for page in read_pages(open_pdf(name, content))]
    seconds = median(_seconds(lambda: cut(pages)) for _ in range(TIMES))
    print(f"  {len(cut(pages))} passages of {len(pages)} pages cut in {seconds * 1000:.0f} ms")


def _searching() -> None:
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(N_PASSAGES, DIMENSIONS)).astype(np.float16)
    index = VectorIndex.from_rows(range(N_PASSAGES), [DocumentId(str(row % 30)) for row in range(N_PASSAGES)], rows)
    questions = chance.normal(size=(200, DIMENSIONS)).astype(np.float32)
    by_words = [int(row) for row in chance.permutation(N_PASSAGES)[:50]]

    def search(question: np.ndarray) -> None:
        fuse(by_words, [passage for passage, _ in index.nearest(question, 50)])

    times = [_seconds(lambda question=question: search(question)) for question in questions]
    print(f"  meaning and fusion over {N_PASSAGES} passages: {median(times) * 1000:.2f} ms (slowest {max(times) * 1000:.2f})")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/documents/policy.pdf"))

"""Pictures of pages from the real sealed process: right, kept, overtaken, and back after sudden death."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from engine.documents.pdf_text import open_pdf, read_page
from engine.documents.render_worker import MAX_PIXELS, scale_for
from engine.documents.viewer import PageViewer
from engine.errors import DocumentEncrypted, DocumentUnreadable, NotFound, WorkerDied
from engine.records import Document, DocumentId, MatterId, PagePicture, Quad
from tests.engine.documents.made_documents import DATA, line, text_pdf


def document(name: str = "lease.pdf", media_type: str = "application/pdf") -> Document:
    return Document(DocumentId(name), MatterId("m"), name, media_type, 1, "", datetime.now(UTC), "ready")


class Original:
    """A document's bytes, and how often they were fetched."""

    def __init__(self, content: bytes) -> None:
        self.content, self.n_fetched = content, 0

    async def __call__(self) -> bytes:
        self.n_fetched += 1
        return self.content


@pytest.fixture
async def viewer() -> AsyncIterator[PageViewer]:
    viewer = PageViewer()
    yield viewer
    await viewer.close()
    assert not renderers()


def renderers() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE and "render" in each.cmdline()]


def dark_share(picture: PagePicture, quad: Quad) -> float:
    """How much of a rectangle of the picture is ink."""
    rows = range(int(quad.top * picture.height), int(quad.bottom * picture.height))
    columns = range(int(quad.left * picture.width), int(quad.right * picture.width))
    inside = [picture.rgb[(row * picture.width + column) * 3] < 128 for row in rows for column in columns]
    return sum(inside) / max(len(inside), 1)


@pytest.mark.parametrize("turned", [b"", b"/Rotate 90", b"/Rotate 180", b"/Rotate 270", b"/CropBox[50 600 350 800]"])
async def test_the_marked_place_is_where_the_ink_is(viewer: PageViewer, turned: bytes) -> None:
    content = text_pdf(line("MMMMMMMMMM", x=100, y=700, size=20), page_entries=turned)
    picture = await viewer.page(document(), Original(content), 1, 600, ((0, 10),))
    assert picture is not None
    assert picture.width == 600
    assert len(picture.rgb) == picture.width * picture.height * 3
    (quad,) = picture.quads
    everywhere = dark_share(picture, Quad(0, 0, 1, 1))
    assert dark_share(picture, quad) > 0.2
    area = (quad.right - quad.left) * (quad.bottom - quad.top)
    assert dark_share(picture, quad) * area > 0.95 * everywhere  # next to no ink lies outside the mark


async def test_a_citation_of_a_real_page_is_marked_line_by_line(viewer: PageViewer, policy_pdf: Path) -> None:
    content = policy_pdf.read_bytes()
    text = read_page(open_pdf("p.pdf", content), 24).text
    start, end = text.index("Every package must have"), text.index("removal of the package") + 10
    picture = await viewer.page(document(), Original(content), 25, 900, ((start, end),))
    assert picture is not None
    assert len(picture.quads) >= 6
    assert all(dark_share(picture, quad) > 0.05 for quad in picture.quads)


async def test_one_process_and_one_fetch_serve_a_document(viewer: PageViewer, policy_pdf: Path) -> None:
    original = Original(policy_pdf.read_bytes())
    first = await viewer.page(document(), original, 1, 300)
    (process,) = renderers()
    await viewer.page(document(), original, 2, 300)
    again = await viewer.page(document(), original, 1, 300)
    assert again is first
    assert original.n_fetched == 1
    assert renderers() == [process]


async def test_another_document_gets_another_process(viewer: PageViewer) -> None:
    await viewer.page(document("a.pdf"), Original(text_pdf(line("a"))), 1, 300)
    (process,) = renderers()
    await viewer.page(document("b.pdf"), Original(text_pdf(line("b"))), 1, 300)
    assert process not in renderers()


async def test_only_the_newest_of_many_requests_is_drawn(viewer: PageViewer, policy_pdf: Path) -> None:
    original = Original(policy_pdf.read_bytes())
    await viewer.page(document(), original, 1, 300)
    results = await asyncio.gather(
        *(viewer.page(document(), original, page, 300) for page in range(10, 40)), return_exceptions=True
    )
    assert isinstance(results[-1], PagePicture)
    assert results[-1].page == 39
    assert sum(isinstance(result, asyncio.CancelledError) for result in results) >= 27


async def test_a_cancelled_request_does_not_block_the_next(viewer: PageViewer, policy_pdf: Path) -> None:
    original = Original(policy_pdf.read_bytes())
    for page in range(1, 6):
        task = asyncio.create_task(viewer.page(document(), original, page, 300))
        await asyncio.sleep(0.02 * page)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await viewer.page(document(), original, 9, 300) is not None


async def test_a_killed_process_fails_one_request_and_is_replaced(viewer: PageViewer) -> None:
    original = Original(text_pdf(line("a"), line("b")))
    await viewer.page(document(), original, 1, 300)
    renderers()[0].send_signal(signal.SIGSTOP)
    waiting = asyncio.create_task(viewer.page(document(), original, 2, 300))
    await asyncio.sleep(0)
    renderers()[0].send_signal(signal.SIGKILL)
    with pytest.raises(WorkerDied) as raised:
        await waiting
    assert raised.value.exit_code == -signal.SIGKILL
    assert await viewer.page(document(), original, 2, 300) is not None


async def test_a_page_that_takes_too_long_is_given_up(policy_pdf: Path) -> None:
    viewer = PageViewer(patience_s=0.0)
    with pytest.raises(DocumentUnreadable) as raised:
        await viewer.page(document(), Original(policy_pdf.read_bytes()), 1, 300)
    assert raised.value.reason == "too_slow"
    await viewer.close()


async def test_the_process_ends_when_nobody_looks() -> None:
    viewer = PageViewer(idle_s=0.05)
    await viewer.page(document(), Original(text_pdf(line("a"))), 1, 300)
    async with asyncio.timeout(10):
        while renderers():
            await asyncio.sleep(0.02)
    await viewer.close()


async def test_a_removed_document_is_forgotten(viewer: PageViewer) -> None:
    original = Original(text_pdf(line("a")))
    await viewer.page(document(), original, 1, 300)
    viewer.forget(document().id)
    await viewer.page(document(), original, 1, 300)
    assert original.n_fetched == 2


async def test_formats_without_pages_have_no_picture_and_start_no_process(viewer: PageViewer) -> None:
    original = Original(b"text")
    assert await viewer.page(document("a.txt", "text/plain"), original, 1, 300) is None
    assert original.n_fetched == 0
    assert not renderers()


async def test_what_cannot_be_drawn_says_why(viewer: PageViewer) -> None:
    locked = (DATA / "needs_password.pdf").read_bytes()
    with pytest.raises(DocumentEncrypted):
        await viewer.page(document("l.pdf"), Original(locked), 1, 300)
    assert await viewer.page(document("l.pdf"), Original(locked), 1, 300, password="secret") is not None
    with pytest.raises(NotFound):
        await viewer.page(document("l.pdf"), Original(locked), 2, 300, password="secret")
    with pytest.raises(DocumentUnreadable):
        await viewer.page(document("t.pdf"), Original(b"%PDF-1.7 torn"), 1, 300)


@pytest.mark.parametrize(("width", "height"), [(612, 792), (1, 100_000), (100_000, 1), (14_400, 14_400), (0, 0)])
@pytest.mark.parametrize("wanted", [-5, 0, 900, 10**9])
def test_no_page_and_no_wish_makes_a_picture_too_large(width: float, height: float, wanted: int) -> None:
    scale = scale_for(width, height, wanted)
    assert scale > 0
    assert (width * scale) * (height * scale) <= MAX_PIXELS * 1.001

"""Documents made to harm: each becomes one worded row, takes bounded memory and time, and reaches nothing outside."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.documents.reader import Limits
from engine.documents.viewer import PageViewer
from engine.errors import DocumentUnreadable, StrongroomError, WorkerDied
from tests.engine.documents.made_documents import (
    FONT,
    W,
    deflated,
    docx_of,
    line,
    mail,
    paragraph,
    pdf_of,
    stream,
    text_pdf,
)
from tests.worker.reading import WasRead, read
from tests.worker.test_render_worker import Original, document

MEGABYTE = 1024 * 1024
SMALL = Limits(memory=400 * MEGABYTE, processor_s=30, silence_s=30)


def page_of(contents: bytes, *further: bytes, entries: bytes = b"", catalogue: bytes = b"") -> bytes:
    """A PDF of one page with this content object (number 4); further objects are numbered from 6."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>%s>>" % entries
    root = b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue
    return pdf_of([root, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, contents, FONT, *further])


def word_bomb() -> Iterator[bytes]:
    block = paragraph("bomb " * 8).encode() * 10_000
    yield f'<w:document xmlns:w="{W}"><w:body>'.encode()
    for _ in range(1 + (1024 * MEGABYTE) // len(block)):
        yield block
    yield b"</w:body></w:document>"


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    body = f"<w:body>{paragraph('&l9;')}</w:body>"
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><w:document xmlns:w="{W}">{body}</w:document>'.encode()


# ---------------------------------------------------------------- bombs
async def test_a_word_file_that_unpacks_to_a_gigabyte_is_refused() -> None:
    result = await read("bomb.docx", docx_of(word_bomb()), limits=SMALL)
    assert result.reason == "too_much_memory"


async def test_a_billion_laughs_are_not_laughed() -> None:
    result = await read("laughs.docx", docx_of([laughs()]), limits=SMALL)
    assert isinstance(result.error, DocumentUnreadable)
    assert "lollol" not in result.text


@pytest.mark.parametrize("text", [b"BT /F1 9 Tf 1 1 Td (bomb bomb) Tj ET\n" * 1000, b" " * MEGABYTE])
async def test_a_stream_that_unpacks_to_hundreds_of_megabytes_takes_no_more_than_its_limit(text: bytes) -> None:
    packed = deflated(text, 640 * MEGABYTE // len(text))
    result = await read("bomb.pdf", page_of(stream(packed, b"/Filter/FlateDecode")), limits=SMALL)
    assert result.reason in ("too_much_memory", "")
    assert len(result.text) < MEGABYTE


@pytest.mark.parametrize("deadly", [1, 2, 4])
async def test_a_page_that_kills_its_process_costs_only_itself(deadly: int) -> None:
    bomb = deflated(b"BT /F1 9 Tf 1 1 Td (bomb bomb) Tj ET\n" * 1000, 10_000)
    pages = [stream(line(f"Page {number}")) for number in range(1, 5)]
    pages[deadly - 1] = stream(bomb, b"/Filter/FlateDecode")
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 8))
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
    root = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count 4>>" % kids, FONT]
    content = pdf_of([*root, *(leaf % number for number in range(8, 12)), *pages])
    result = await read("bomb.pdf", content, limits=Limits(memory=300 * MEGABYTE))
    assert result.error is None
    assert [(page.number, page.source, page.text) for page in result.pages] == [
        (number, "failed", "") if number == deadly else (number, "text", f"Page {number}") for number in range(1, 5)
    ]


async def test_a_stream_packed_twice_is_no_way_around() -> None:
    packed = zlib.compress(deflated(b" " * MEGABYTE, 1024), 9)
    result = await read("bomb.pdf", page_of(stream(packed, b"/Filter[/FlateDecode/FlateDecode]")), limits=SMALL)
    assert result.reason in ("too_much_memory", "too_slow", "")


async def test_a_picture_of_a_bomb_ends_one_process_and_not_the_viewer() -> None:
    huge = stream(
        deflated(bytes(MEGABYTE), 1200),
        b"/Type/XObject/Subtype/Image/Width 32000/Height 39000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode",
    )
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    kids = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    bomb = pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", kids, page, stream(b"q 600 0 0 700 0 0 cm /I Do Q"), huge])
    viewer = PageViewer(patience_s=60)
    try:
        await viewer.page(document("bomb.pdf"), Original(bomb), 1, 600)
    except StrongroomError as error:
        assert isinstance(error, WorkerDied | DocumentUnreadable)
    assert await viewer.page(document("good.pdf"), Original(text_pdf(line("good"))), 1, 600) is not None
    await viewer.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.html", b"<div>" * 300_000 + b"deep"),
        ("deep.md", b"> " * 20_000 + b"deep"),
        ("deep.docx", docx_of("<w:tbl><w:tr><w:tc>" * 5_000 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 5_000)),
        ("deep.eml", b"From: a\nTo: b\nSubject: c\n" + b"Content-Type: message/rfc822\n\n" * 5_000 + b"deep"),
        ("deep.pdf", page_of(stream(b"[" * 200_000 + b"q " * 200_000))),
    ],
)
async def test_nesting_without_end_ends(name: str, content: bytes) -> None:
    result = await read(name, content, limits=SMALL)
    assert result.error is None or result.reason in ("damaged", "crashed", "no_text", "too_much_memory", "too_slow", "empty")


# ---------------------------------------------------------------- loops and lies inside a PDF
async def test_pages_that_contain_themselves_do_not_go_on_for_ever() -> None:
    endless = pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"])
    result = await read("loop.pdf", endless, limits=SMALL)
    assert result.error is not None or all(page.source in ("failed", "empty") for page in result.pages)


async def test_a_form_that_draws_itself_does_not_go_on_for_ever() -> None:
    form = stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>/Font<</F1 5 0 R>>>>>>"
    kids = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    content = stream(line("Before") + b"/X Do")
    result = await read("self.pdf", pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", kids, page, content, FONT, form]), limits=SMALL)
    assert result.text == "Before" or result.reason in ("too_much_memory", "too_slow")


async def test_a_million_pages_that_are_not_there_are_failed_pages_in_bounded_time() -> None:
    claims = text_pdf(line("The only page")).replace(b"/Count 1>>", b"/Count 20000>>")
    result = await read("claims.pdf", claims, limits=Limits(processor_s=60, silence_s=30))
    assert result.error is None or isinstance(result.error, DocumentUnreadable)
    assert result.pages[0].text.strip() == "The only page"
    assert all(page.source == "failed" for page in result.pages[1:])


async def test_actions_scripts_and_embedded_files_have_no_effect(tmp_path: Path) -> None:
    marker = tmp_path / "launched"
    arrived = 0

    async def count(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal arrived
        arrived += 1
        writer.close()

    listener = await asyncio.start_server(count, "127.0.0.1", 0)
    address = b"http://127.0.0.1:%d/" % listener.sockets[0].getsockname()[1]
    catalogue = (
        b"/OpenAction<</S/JavaScript/JS(this.submitForm\\(%s\\); app.launchURL\\(%s\\);)/Next<</S/Launch/F(/bin/touch)"
        b"/Unix<</F(/bin/touch)/P(%s)>>/Next<</S/URI/URI(%s)>>>>>>/AcroForm<</Fields[]/XFA 6 0 R>>"
        b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>"
        b"/EmbeddedFiles<</Names[(evil.exe)<</Type/Filespec/F(evil.exe)/EF<</F 7 0 R>>>>]>>>>"
    ) % (address, address, str(marker).encode(), address)
    xfa = stream(b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><x src="%s"/></xdp:xdp>' % address)
    opened = b"/AA<</O<</S/URI/URI(%s)>>>>/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 99 99]/A<</S/URI/URI(%s)>>>>]" % (
        address,
        address,
    )
    content = page_of(stream(line("Harmless words")), xfa, stream(b"MZ evil"), entries=opened, catalogue=catalogue)
    result = await read("actions.pdf", content)
    viewer = PageViewer()
    picture = await viewer.page(document("actions.pdf"), Original(content), 1, 300)
    await viewer.close()
    listener.close()
    assert result.error is None
    assert result.text.strip() == "Harmless words"
    assert picture is not None
    assert not marker.exists()
    assert arrived == 0


async def test_a_web_page_and_a_mail_fetch_nothing() -> None:
    arrived = 0

    async def count(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal arrived
        arrived += 1
        writer.close()

    listener = await asyncio.start_server(count, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/"
    page = (
        f'<html><head><link rel="stylesheet" href="{address}"><base href="{address}"><script src="{address}"></script></head>'
        f'<body background="{address}"><p>Seen words</p><img src="{address}x.png"><iframe src="{address}"></iframe></body></html>'
    )
    message = mail()
    message.set_content(page, subtype="html")
    picture = f'<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="{address}"/>'
    documents = {
        "x.html": page.encode(),
        "x.eml": bytes(message),
        "x.docx": docx_of(f"<w:p><w:r><w:pict>{picture}</w:pict><w:t>Seen words</w:t></w:r></w:p>"),
        "x.md": f"Seen words ![]({address})".encode(),
    }
    for name, content in documents.items():
        assert "Seen words" in (await read(name, content)).text, name
    listener.close()
    assert arrived == 0


async def test_a_word_file_cannot_pull_in_a_file_of_this_computer(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY-8231")
    entity = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file://{secret}">]>'
    pulled = f'{entity}<w:document xmlns:w="{W}"><w:body>{paragraph("&f;")}</w:body></w:document>'
    chunk = docx_of(
        f'<w:altChunk r:id="rId5" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>{paragraph("x")}',
        {"../../.." + str(secret): ("aFChunk", "")},
    )
    for content in (docx_of([pulled.encode()]), chunk):
        assert "CANARY" not in (await read("x.docx", content)).text


# ---------------------------------------------------------------- damage at random
def hurt(content: bytes, chance: random.Random) -> bytes:
    """Cut, overwrite, repeat or swap some of a document's bytes."""
    damaged = bytearray(content)
    for _ in range(chance.randrange(1, 30)):
        place = chance.randrange(len(damaged))
        length = chance.randrange(1, 200)
        match chance.randrange(4):
            case 0:
                del damaged[place : place + length]
            case 1:
                damaged[place : place + length] = chance.randbytes(length)
            case 2:
                damaged[place:place] = damaged[place : place + length]
            case _:
                damaged[place] ^= 1 << chance.randrange(8)
        damaged = damaged or bytearray(b"x")
    return bytes(damaged)


@pytest.mark.parametrize("seed", range(6))
async def test_documents_damaged_at_random_are_read_or_refused_in_words(seed: int) -> None:
    chance = random.Random(seed)
    whole = {
        "x.pdf": text_pdf(line("One"), line("Two"), line("Three")),
        "x.docx": docx_of("".join(paragraph(f"Clause {number}.") for number in range(40))),
        "x.eml": bytes(mail()),
        "x.html": b"<html><body><h1>Lease</h1><p>Words.</p></body></html>",
    }
    for name, content in whole.items():
        result: WasRead = await read(name, hurt(content, chance), limits=SMALL)
        assert result.error is None or isinstance(result.error, StrongroomError)
        assert result.opened is not None or result.error is not None
        if result.opened is not None and result.error is None:
            assert [page.number for page in result.pages] == list(range(1, result.opened.n_pages + 1))

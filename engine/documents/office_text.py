"""The text of DOCX and Markdown by xberg. The only file that knows xberg; runs in a sealed worker.

From the tree of nodes that xberg makes, not from its ready-made text, because that text carries style names and
layout. Notes, comments, headers and footers come after the body. Switched off on purpose: the cache (it would write
document text to disk in clear), recognition of pictures and everything that would fetch a model or an address.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import xberg

from engine.documents.sections import Block
from engine.errors import DocumentUnreadable

_LAYERS = {"header": "Header", "footer": "Footer", "footnote": "Notes"}
_NOTE_MARK = re.compile(r"\[\^(\d{1,4})\]")
_COMMENT_MARK = re.compile(r"\[cmt:\d{1,6}\]")
_PICTURE_LINE = re.compile(r"!\[[^\]]*\]\([^)]*\)|\[Image[^\]]*\]")
_LOOK_AGAIN_S = 0.003
_TOO_MUCH = re.compile(r"limit|exceed|too (?:large|many|deep)|bomb|compression ratio", re.IGNORECASE)


def read_office(name: str, content: bytes, media_type: str) -> list[Block]:
    """The blocks of a document; raises DocumentUnreadable (damaged, too_much_memory)."""
    try:
        result = asyncio.run(_extract(content, media_type))
    except MemoryError:
        raise
    except Exception as error:  # xberg raises RuntimeError and classes of its own, without a common base
        raise _unreadable(name, str(error)) from None
    if result.errors or not result.results:
        raise _unreadable(name, " ".join(item.message for item in result.errors))
    document = result.results[0].document
    return list(_blocks(document.nodes)) if document is not None else []


async def _extract(content: bytes, media_type: str) -> xberg.ExtractionResult:
    extraction = asyncio.ensure_future(
        xberg.extract(xberg.ExtractInput(kind="bytes", bytes=content, mime_type=media_type), _config())
    )
    # A sealed process may not write to asyncio's wake-up socket, so xberg's threads cannot wake the loop: look again and again.
    while not extraction.done():
        await asyncio.wait([extraction], timeout=_LOOK_AGAIN_S)
    return extraction.result()


def _config() -> xberg.ExtractionConfig:
    return xberg.ExtractionConfig(
        use_cache=False,
        disable_ocr=True,
        include_document_structure=True,
        enable_quality_processing=False,
        max_archive_depth=0,
        concurrency=xberg.ConcurrencyConfig(max_threads=1),
    )


def _blocks(nodes: Iterable[Any]) -> Iterator[Block]:
    aside: dict[str, list[str]] = {}
    for node in nodes:
        content = json.loads(str(node.content))
        if not (text := _text(content)):
            continue
        layer = _LAYERS.get(str(node.content_layer).rsplit(".", 1)[-1].lower(), "")
        if layer or content["node_type"] in ("footnote", "comment"):
            texts = aside.setdefault(layer or "Notes", [])
            if text not in texts:  # a header is told once for each section that shows it
                texts.append(text)
        elif content["node_type"] in ("heading", "title"):
            yield Block(text, level=int(content.get("level") or 1))
        else:
            yield Block(text)
    for layer, texts in aside.items():
        yield from (Block(text, part=layer) for text in texts)


def _text(content: dict[str, Any]) -> str:
    """What one node says; groups and lists say nothing themselves, their items do."""
    kind = content["node_type"]
    if kind == "table":
        return _table(content["grid"])
    if kind == "metadata_block":
        return "\n".join(f"{entry['key']}: {entry['value']}" for entry in content.get("entries", ()))
    if kind == "definition_item":
        return f"{content['term']}: {content['definition']}"
    if kind == "image":
        return content.get("description") or ""
    text = content.get("text") or content.get("content") or ""
    if kind == "paragraph" and _PICTURE_LINE.fullmatch(text.strip()):
        return ""
    return _COMMENT_MARK.sub("", _NOTE_MARK.sub(r"[\1]", text)).rstrip()


def _table(grid: dict[str, Any]) -> str:
    rows: dict[int, list[str]] = {}
    for cell in grid["cells"]:
        rows.setdefault(cell["row"], []).append(" ".join(cell["content"].split()))
    return "\n".join("\t".join(cells) for _, cells in sorted(rows.items()))


def _unreadable(name: str, message: str) -> DocumentUnreadable:
    return DocumentUnreadable(name, "too_much_memory" if _TOO_MUCH.search(message) else "damaged", "")

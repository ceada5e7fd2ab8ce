"""Undo what hides words from a plain search: entities, percent signs, escapes, base64 and hexadecimal digits.

Pure. A decoded reading keeps the places of the source; a decoded piece stands for the whole run it was made of.
"""

from __future__ import annotations

import base64
import binascii
import html
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import regex

from engine.hiding.patterns import later
from engine.hiding.reading import Reading, replaced

_ESCAPES = later(
    r"(?:%[0-9A-Fa-f]{2})++"
    r"|(?:=[0-9A-F]{2})++|=\r?\n"
    r"|&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
    r"|(?:\\u[0-9A-Fa-f]{4})++|\\u\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}|\\U[0-9A-Fa-f]{8}"
    r"|\\[nrtbf\"'/\\]"
)
_ROUNDS = 3  # an escape can be escaped again
_BASE64 = later(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{8,}+(?:\r?\n[A-Za-z0-9+/_-]{8,}+)*+={0,2}")
_HEXADECIMAL = later(r"(?<![0-9A-Za-z])(?:0x)?(?:[0-9A-Fa-f]{2}[ :]?){4,}(?<![ :])(?![0-9A-Za-z])")
_LARGEST = 4_000_000  # characters that are decoded in all


@dataclass(frozen=True, slots=True)
class Piece:
    """What the characters `start` to `end` of a text are decoded to."""

    start: int
    end: int
    text: str


def decoded(text: str) -> Iterator[Reading]:
    """The text with its escapes undone, once and again as long as that changes it."""
    if not any(sign in text for sign in "%&\\="):
        return
    reading = Reading(text, range(len(text)), range(1, len(text) + 1))
    for _ in range(_ROUNDS):
        further = replaced(reading.text, _ESCAPES, _unescaped)
        if further.text == reading.text:
            return
        starts = [reading.starts[at] for at in further.starts]
        ends = [reading.ends[at - 1] for at in further.ends]
        reading = Reading(further.text, starts, ends)
        yield reading


def encoded_pieces(text: str) -> Iterator[Piece]:
    """Runs of the text that are base64 or hexadecimal digits of something readable."""
    left = _LARGEST
    for pattern, decode in ((_BASE64, _from_base64), (_HEXADECIMAL, _from_hexadecimal)):
        for run in pattern.finditer(text):
            if left <= 0:
                return
            for inner in decode(run[0]):
                left -= len(inner)
                yield Piece(run.start(), run.end(), inner)


def _from_base64(run: str) -> Iterator[str]:
    run = regex.sub(r"\s", "", run).rstrip("=").replace("-", "+").replace("_", "/")
    for skipped in range(4 if len(run) < 100_000 else 1):
        part = run[skipped:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        try:
            content = base64.b64decode(part + "=" * (-len(part) % 4), validate=True)
        except binascii.Error:
            continue
        yield from _readable(content)


def _from_hexadecimal(run: str) -> Iterator[str]:
    digits = regex.sub(r"[ :]|0x", "", run)
    yield from _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _readable(content: bytes) -> Iterator[str]:
    """The texts that bytes can be."""
    zeros = content.count(0)
    if zeros * 3 > len(content):
        for encoding in ("utf-16-le", "utf-16-be"):
            yield content.decode(encoding, "replace")
    elif zeros == 0:
        text = content.decode("utf-8", "replace")
        if text.count("\ufffd") * 4 <= len(text):
            yield text


def _unescaped(found: str) -> str:
    if found[0] == "&":
        return html.unescape(found)
    if found[0] == "%":
        return unquote(found, errors="replace")
    if found[0] == "=":
        digits = found.replace("=", "")
        return bytes.fromhex(digits).decode("utf-8", "replace") if digits.strip() else ""
    if found[1] in "uUx":
        return _from_escape(found)
    return {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}.get(found[1], found[1])


def _from_escape(found: str) -> str:
    codes = [int(each, 16) for each in regex.findall(r"[0-9A-Fa-f]{2,8}", found[1:].replace("\\", " ").replace("u", " "))]
    text = "".join(chr(code) for code in codes if code < 0x110000)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

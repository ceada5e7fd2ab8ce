"""Which encoding a text file is in, and its text. Pure.

Tried in this order: byte order mark, UTF-8, UTF-16 by its pattern of zero bytes, Windows-1252. The last one is what
offices in western countries have written for thirty years; it can decode anything, so bytes that no text would
have are taken as proof that the file is not text.
"""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is a prefix of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\v\f\r\x1a\x1b")
_UNDEFINED_IN_1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def decode(content: bytes) -> str | None:
    """The text of a file with its line ends as single newlines, or None if the bytes are not text."""
    text = _decode(content)
    return None if text is None else text.replace("\r\n", "\n").replace("\r", "\n").replace("\x1a", "").replace("\0", "\ufffd")


def _decode(content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if wide := _utf_16_without_mark(content[:_SAMPLE]):
        return content.decode(wide, errors="replace")
    if _share(content, _CONTROLS) > 0.001:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _from_western(content)


def _utf_16_without_mark(sample: bytes) -> str | None:
    """Text in a Latin script has a zero in nearly every second byte, and next to none in the others."""
    n_pairs = len(sample) // 2
    if n_pairs < 4:
        return None
    zeros_first = sample[0 : 2 * n_pairs : 2].count(0) / n_pairs
    zeros_second = sample[1 : 2 * n_pairs : 2].count(0) / n_pairs
    if zeros_second > 0.7 and zeros_first < 0.05:
        return "utf-16-le"
    return "utf-16-be" if zeros_first > 0.7 and zeros_second < 0.05 else None


def _from_western(content: bytes) -> str | None:
    if _share(content, _UNDEFINED_IN_1252) > 0.01 or _share(content, _HIGH) > 0.5:
        return None
    return content.decode("cp1252", errors="replace")


_HIGH = bytes(range(0x80, 0x100))


def _share(content: bytes, wanted: bytes) -> float:
    if not content:
        return 0.0
    return 1 - len(content.translate(None, delete=wanted)) / len(content)

"""The normal form of a text, in which two copies of the same words compare equal, with a map back to the source.

Typography is levelled: compatibility forms and ligatures, case, kinds of quotation marks, dashes and white space,
and words broken at the end of a line. Words, numbers and punctuation stay as they are. Pure: knows nothing of
pages, of languages or of what is compared with what.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

# Characters that are not seen. U+FFFE and U+0002 are how pdfium marks a hyphen at the end of a line, U+00AD is the soft hyphen.
_LINE_HYPHENS = "\u00ad\ufffe\u0002"
_UNSEEN = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069\u0000-\u0001\u0003-\u0008\u000e-\u001b\u007f]")
_PLAIN = re.compile(r"[!#-&(-,./0-9:;<=>?@A-Z\[\\\]^_a-z{|}~]+")
_SPACE = re.compile(r"\s+")
_LEVELLED = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u00b4`", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
    **dict.fromkeys(_LINE_HYPHENS, "\u0002"),
}
# A hyphen between letters vanishes, so that "non-free", a broken "non-\nfree" and "nonfree" are one word.
_HYPHEN = re.compile(r"(?<=[^\W\d_])(?=[-\u0002])\u0002*-?\u0002*\n?\u0002*(?=[^\W\d_])|\u0002")


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal form. Its character `i` stands for the source's characters `starts[i]` to `ends[i]` (end exclusive)."""

    text: str
    starts: list[int]
    ends: list[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The source's span for a span of the normal form that is not empty; it holds whole source characters."""
        return self.starts[start], self.ends[end - 1]

    def normal_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the normal form that stands for the source's characters from `start` to `end`."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def normalise(text: str) -> Normal:
    """Level the typography of `text`."""
    folded, starts, ends = _fold(text)
    return _join_broken_words("".join(folded), starts, ends)


def _fold(text: str) -> tuple[list[str], list[int], list[int]]:
    """Fold characters one by one; white space becomes one blank, or a line feed if it holds one."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        plain = _PLAIN.match(text, at)
        if plain:
            end = plain.end()
            if end < len(text) and unicodedata.combining(text[end]):
                end -= 1
            if end > at:
                out += text[at:end].lower()
                starts += range(at, end)
                ends += range(at + 1, end + 1)
                at = end
                continue
        end, folded = _fold_one(text, at)
        for character in folded:
            if character in " \n" and out and out[-1] in " \n":
                out[-1] = max(out[-1], character, key="\n".__eq__)
                ends[-1] = end
                continue
            out.append(character)
            starts.append(at)
            ends.append(end)
        at = end
    return out, starts, ends


def _fold_one(text: str, at: int) -> tuple[int, str]:
    """The end and the normal form of the character (with its accents) or of the white space at `at`."""
    space = _SPACE.match(text, at)
    if space:
        return space.end(), "\n" if "\n" in space[0] or "\r" in space[0] else " "
    character = text[at]
    if _UNSEEN.match(character):
        return at + 1, ""
    if character in _LEVELLED:
        return at + 1, _LEVELLED[character]
    end = at + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[at:end]).casefold())
    return end, _SPACE.sub(" ", "".join(_LEVELLED.get(each, each) for each in folded))


def _join_broken_words(folded: str, starts: list[int], ends: list[int]) -> Normal:
    if "-" in folded or "\u0002" in folded:
        kept: list[str] = []
        kept_starts: list[int] = []
        kept_ends: list[int] = []
        done = 0
        for hyphen in _HYPHEN.finditer(folded):
            kept.append(folded[done : hyphen.start()])
            kept_starts += starts[done : hyphen.start()]
            kept_ends += ends[done : hyphen.start()]
            done = hyphen.end()
        folded = "".join(kept) + folded[done:]
        starts = kept_starts + starts[done:]
        ends = kept_ends + ends[done:]
    return Normal(folded.replace("\n", " "), starts, ends)

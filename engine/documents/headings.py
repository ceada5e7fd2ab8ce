"""Headings in the bare text of a PDF page, recognised by their wording alone. Pure, and conservative on purpose:
a missed heading costs little, but a sentence taken for one would tear a passage apart.

A heading is a line that is numbered like one ("4.2 Package relationships", "§ 7 Term", "ARTICLE IV"), or a short
line in capitals, or in title case between finished text. Lines of a table of contents and the first and last line
of a page (running titles, page numbers) are not headings unless they are numbered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_CHARACTERS = 90
_MAX_WORDS = 12
_UNNUMBERED_DEPTH = 9  # below any numbered heading

_NAMED = re.compile(
    r"(?:chapter|part|article|section|appendix|annex|schedule|exhibit|kapitel|teil|artikel|abschnitt|anhang|anlage)"
    r"\s+(?P<number>\d{1,3}|[ivxlc]{1,6}|[a-z]|one|two|three|four|five|six|seven|eight|nine|ten)\b\.?[\s:.–—-]*(?P<title>.*)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?P<number>(?:\d{1,3}|[A-Z])(?:\.\d{1,3}){1,5}|\d{1,3}|§{1,2}\s?\d{1,4}[a-z]?)(?P<dot>[.)]?)\s+(?P<title>\S.*)"
)
_DOT_LEADERS = re.compile(r"\.{4,}|(?:\. ){3,}|\s\d{1,4}$")
_DIGIT = re.compile(r"\d")
_SMALL = """a an and as at but by for from in into is nor of off on onto or over per the to under up upon via vs with without
der die das des dem den und oder für von zu zur zum im mit bei auf aus über de du la le les et ou en à au aux pour par sur dans"""
_SMALL_WORDS = frozenset(_SMALL.split())
_SENTENCE_END = (".", "!", "?", ":", ";", ",")


@dataclass(frozen=True)
class Line:
    """A line of a page; `start` and `end` are offsets into the page's text, without the blanks around it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Heading:
    """`depth` 1 is a chapter; unnumbered headings are deeper than any numbered one."""

    title: str
    depth: int
    line: Line
    number: str = ""  # such as 4.2; empty for an unnumbered heading


def lines_of(text: str) -> list[Line]:
    """The lines of a page that are not blank."""
    found, start = [], 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            begin = start + raw.index(stripped)
            found.append(Line(stripped, begin, begin + len(stripped)))
        start += len(raw) + 1
    return found


def headings_of(text: str) -> list[Heading]:
    """The headings of a page in order; none on a page that is a table of contents."""
    lines = lines_of(text)
    if sum(bool(_DOT_LEADERS.search(line.text)) for line in lines) > len(lines) / 2:
        return []
    found: list[Heading] = []
    for index, line in enumerate(lines):
        is_border = index == 0 or index == len(lines) - 1
        heading = _numbered(line, is_border=is_border)
        if heading is None and not is_border and _is_bare(line.text, lines[index - 1].text, lines[index + 1].text, found):
            heading = Heading(_title(line), _UNNUMBERED_DEPTH, line)
        if heading is not None:
            found.append(heading)
    return found


def path_after(path: tuple[Heading, ...], heading: Heading) -> tuple[Heading, ...]:
    """The headings that lead to the text under `heading`, given those before it: 4.2 is under 4, never under 3."""
    return (*(above for above in path if above.depth < heading.depth and _leads_to(above, heading)), heading)


def _leads_to(above: Heading, heading: Heading) -> bool:
    return not above.number or not heading.number or heading.number.startswith(above.number + ".")


def _title(line: Line) -> str:
    return " ".join(line.text.replace("\u00ad", "").split())


def _numbered(line: Line, *, is_border: bool) -> Heading | None:
    if not _has_the_shape(line.text):
        return None
    if named := _NAMED.fullmatch(line.text):
        if not named.group("title") or _starts_a_title(named.group("title")):
            number = named.group("number")
            return Heading(_title(line), 1, line, number if number.isdigit() else "")
        return None
    numbered = _NUMBERED.fullmatch(line.text)
    if numbered is None or not _starts_a_title(numbered.group("title")):
        return None
    number = numbered.group("number")
    if "." not in number and not number.startswith("§"):
        # "3 Definitions" is a heading, "3. Deliver the goods to the buyer" an item of a list, "12 Chapter 2" a footer.
        title = numbered.group("title")
        if is_border or numbered.group("dot") == ")" or _NAMED.fullmatch(title) or not _is_title_case(title):
            return None
    return Heading(_title(line), number.count(".") + 1, line, number)


def _is_bare(line: str, before: str, after: str, found: list[Heading]) -> bool:
    """A short unnumbered line that stands alone: the text before it is finished, the text after it starts anew."""
    words = line.split()
    if not _has_the_shape(line) or len(words) > 8 or not line[0].isalpha() or ". " in line or _DIGIT.search(line):
        return False
    if line.isupper():
        return sum(character.isalpha() for character in line) >= 4
    stands_alone = before.endswith((".", "!", "?", ":")) or bool(found and found[-1].line.text == before)
    return stands_alone and len(words) >= 2 and _is_title_case(line) and after[:1].isupper() and not _is_title_case(after)


def _has_the_shape(line: str) -> bool:
    if len(line) > _MAX_CHARACTERS or len(line.split()) > _MAX_WORDS or line.endswith(_SENTENCE_END):
        return bool(_NAMED.fullmatch(line)) and len(line) <= 20
    return not _DOT_LEADERS.search(line) or bool(_NAMED.fullmatch(line))


def _starts_a_title(title: str) -> bool:
    return title[:1].isupper() or title[:1] in "\u201c\u2018\"'("


def _is_title_case(title: str) -> bool:
    """Every word that carries meaning starts with a capital letter."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", title) if word.lower() not in _SMALL_WORDS]
    return bool(words) and all(word[0].isupper() for word in words)

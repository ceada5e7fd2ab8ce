"""The text inside one block: bold, italic, struck, code, and where in the raw text each character stands.

Pure. A rendered character is found again by going through the raw text once from left to right; markup between
characters is passed over. Knows nothing of blocks around the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from desktop.viewmodels.answer_blocks import Run

_WINDOW = 40  # how far ahead one character is looked for: longer than any HTML entity
_LINK = re.compile(r"(!?)\[([^\[\]\n]{0,400})\]\(<?([^()<>\s]{0,2000})>?(?:\s[^()\n]{0,200})?\)")


def runs_of(children: Sequence[Token], content: str, origin: Sequence[int]) -> Iterator[Run]:
    """The runs of an inline token; `origin[i]` is the place of `content[i]` in the answer."""
    depth = {"strong": 0, "em": 0, "s": 0}
    cursor = 0
    for child in children:
        name = child.type.partition("_")[0]
        if name in depth:
            depth[name] += child.nesting
            continue
        text, cursor, where = _found_again(child, content, cursor)
        places = _places(origin, where)
        if child.type != "code_inline":
            text, places = _links_as_text(text, places)
        if text:
            yield Run(text, places, depth["strong"] > 0, depth["em"] > 0, depth["s"] > 0, child.type == "code_inline")


def _places(origin: Sequence[int], where: Sequence[int]) -> tuple[int, ...]:
    if isinstance(where, range) and where.stop <= len(origin):
        return tuple(origin[where.start : where.stop])
    behind = origin[-1] + 1 if origin else 0
    return tuple(origin[at] if at < len(origin) else behind for at in where)


def _found_again(child: Token, content: str, cursor: int) -> tuple[str, int, Sequence[int]]:
    """A token's text, the cursor behind it, and where each of its characters stands in `content`."""
    if child.type in ("softbreak", "hardbreak"):
        found = max(cursor, content.find("\n", cursor))
        return (" " if child.type == "softbreak" else "\n"), found + 1, [found]
    text = child.content
    exact = content.find(text, cursor)
    if exact >= 0:
        return text, exact + len(text), range(exact, exact + len(text))
    where: list[int] = []
    for character in text:  # escapes and entities: the text differs from the raw one here and there
        found = content.find(character, cursor, cursor + _WINDOW)
        where.append(max(found, cursor))
        cursor = found + 1 if found >= 0 else cursor
    return text, cursor, where


def _links_as_text(text: str, places: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Show `[label](target)` as `label (target)` and an image as its description; nothing becomes clickable."""
    if "](" not in text:
        return text, places
    shown: list[tuple[str, int]] = []
    cursor = 0
    for link in _LINK.finditer(text):
        shown += zip(text[cursor : link.start()], places[cursor : link.start()], strict=True)
        label, target = slice(*link.span(2)), slice(*link.span(3))
        shown += zip(text[label], places[label], strict=True)
        if not link[1] and link[3] and link[2] != link[3]:
            before, after = places[link.start(3) - 1], places[link.end() - 1]
            shown += [(" ", before), ("(", before), *zip(text[target], places[target], strict=True), (")", after)]
        cursor = link.end()
    shown += zip(text[cursor:], places[cursor:], strict=True)
    return "".join(character for character, _ in shown), tuple(place for _, place in shown)

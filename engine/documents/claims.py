"""What a sentence of an answer claims: its words without Markdown, citation marks and phrases that only point at a source.

A model's citation marks are hints about where to look first and never proof. Pure: knows no documents.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from engine.documents.sentence_ends import MARK
from engine.documents.sentences import Kind
from engine.documents.talk import claims_nothing, without_pointing

_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`{1,3}|~~")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")
_LABEL = re.compile(r"\s*(?:\*\*|__)([^*_:\n]{1,60}):?(?:\*\*|__):? +(?=\S)")
_QUOTE = re.compile(r"[\"“„«]([^\"“”„«»]{12,1500})[\"”“»]")
_PAGE_MARK = re.compile(r"(?:pages? |seiten? |pp?\.? |s\. ?)#?(\d{1,4})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Claim:
    """`text` is what is checked. `verbatim` are the sentence as it stands and without its Markdown only, for sources
    that have the same marks; `quotes` are its quoted parts.

    `passages` (counted from 1) and `pages` are where the model says that it is from. `label` is what stands in bold and
    with a colon before the text ("**Rent:** It is due in May").
    """

    text: str
    verbatim: tuple[str, ...]
    quotes: tuple[str, ...]
    passages: tuple[int, ...]
    pages: tuple[int, ...]
    checkable: bool
    label: str = ""


def read_claim(sentence: str, kind: Kind, document_names: Collection[str] = ()) -> Claim:
    """Read what a sentence claims. `document_names` may be used in it to point at a source ("According to lease.pdf, …")."""
    if kind in ("row", "header_row"):
        sentence = " ".join(cell.strip() for cell in sentence.strip().strip("|").split("|"))
    labelled = _LABEL.match(sentence)
    if labelled and ":" in labelled[0]:
        claim = read_claim(sentence[labelled.end() :], kind, document_names)
        label = "" if claims_nothing(labelled[1] + ":") else labelled[1]
        return replace(claim, label=label)
    marked = _without_markdown(sentence)
    passages, pages = _hints(marked)
    bare = " ".join(MARK.sub(" ", marked).split())
    bare = re.sub(r" ([.,;:!?])(?=\s|\Z)", r"\1", bare)
    text, pointed = without_pointing(bare, document_names)
    quotes = tuple(quote for quote in _QUOTE.findall(bare) if len(quote.split()) >= 4)
    checkable = kind not in ("heading", "header_row") and _claims_something(bare, text, wholly_bold=_is_wholly_bold(sentence))
    return Claim(text, (sentence, marked), quotes, passages + pointed, pages, checkable)


def _without_markdown(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub("", text)).strip()


def _hints(marked: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    passages: list[int] = []
    pages: list[int] = []
    for mark in list(MARK.finditer(marked))[:8]:
        of_pages = [int(page[1]) for page in _PAGE_MARK.finditer(mark[0])]
        pages += of_pages
        if not (of_pages and mark[0].startswith("(")):
            passages += [int(number) for number in _NUMBER.findall(mark[0])[:4]]
    return tuple(passages), tuple(pages)


def _claims_something(bare: str, text: str, *, wholly_bold: bool) -> bool:
    if not re.search(r"\w", text) or claims_nothing(bare):
        return False
    return not (wholly_bold and bare[-1] not in ".!" and len(bare.split()) <= 8 and not re.search(r"\d", bare))


def _is_wholly_bold(sentence: str) -> bool:
    stripped = sentence.strip()
    return stripped.startswith(("**", "__")) and stripped.endswith(("**", "__", "**:", "__:"))

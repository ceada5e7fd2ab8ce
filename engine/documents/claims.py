"""What a sentence of an answer claims: its words without Markdown, citation marks and phrases that only point at a source.

A model's citation marks are hints about where to look first and never proof. Pure: knows no documents.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from engine.documents.sentence_ends import MARK
from engine.documents.sentences import Kind

_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`{1,3}|~~")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}\)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")
_QUOTE = re.compile(r"[\"“„«]([^\"“”„«»]{12,1500})[\"”“»]")
_PAGE_MARK = re.compile(r"(?:pages? |seiten? |pp?\.? |s\. ?)#?(\d{1,4})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}")

_SOURCE_NOUN = (
    r"(?:documents?|passages?|texts?|sources?|context|excerpts?|sections?|information|materials?|files?|pages?|answer|manual|policy"
    r"|dokumente?n?|textes?|quellen?|abschnitte?|auszüge?n?|seiten?|unterlagen|passagen?|extraits?)"
)
_SAYING = r"(?:says?|states?|mentions?|explains?|notes?|specif(?:y|ies)|indicates?|defines?|reads?|besagen?|besagt|sagt|indique|précise)"
_OPENERS = re.compile(
    r"(?:yes|no|sure|certainly|of course|however|therefore|thus|also|additionally|furthermore|moreover|in (?:summary|short|conclusion|addition|other words)|finally|first|second"
    r"|ja|nein|oui|non|zudem|außerdem|daher|cependant|de plus|en résumé|zusammenfassend), (?=\S)"
    r"|(?:it is (?:also )?(?:important|worth) (?:to note|noting) that|please note that|note that|it is (?:stated|mentioned|noted|specified|said) that|in other words,?|the answer is:?"
    r"|answer:|antwort:) ",
    re.IGNORECASE,
)
_POINTING = re.compile(
    rf"(?:(?:according to|as (?:stated|described|mentioned|noted|specified|set out|defined) (?:in|by|on)|based on|per|in|on|gemäß|laut|nach|selon|d'après)"
    rf" (?P<where>[^,:;.!?\n]{{1,80}}), "
    rf"|(?P<who>[^,:;.!?\n]{{1,80}}?) (?:also |clearly |further )?{_SAYING}(?: that| dass|, dass| que)?[:,]? )",
    re.IGNORECASE,
)
_POINTING_WORD = re.compile(
    rf"(?:the|this|these|that|of|in|and|given|provided|above|following|user's|your|my|der|die|das|den|dem|le|la|les|ce|du)\Z|{_SOURCE_NOUN}\Z",
    re.IGNORECASE,
)

_INTRODUCTION = re.compile(
    rf"(?:here (?:is|are)|below (?:is|are)|based on|according to|the following|these are|this is|as follows|sure|certainly|of course|"
    rf"hier (?:ist|sind)|folgende|basierend auf|voici|summary|answer|key points|in summary|to summarize)\b[^.!?\d]{{0,120}}:\Z"
    rf"|(?:based on|according to) (?:the )?(?:provided |given )?{_SOURCE_NOUN}(?: provided| given)?[,:]?\Z"
    r"|(?:answer|antwort|réponse|summary|sources?|quellen?|references?|key points|conclusion|note):?\Z",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:sure|certainly|of course|you're welcome|great question|ok(?:ay)?|gerne|natürlich|bien sûr|thanks|danke|merci)[.!]?\Z"
    r"|(?:hello|hi|dear|good (?:morning|afternoon|evening)|hallo|guten tag|bonjour)(?:,? [^\W\d]+){0,3}[!.,]?\Z"
    r"|(?:thank you for|i hope (?:this|that) helps|let me know if|feel free to ask|if you have any (?:other |more |further )?questions)"
    r"[^:;\d]{0,80}\Z",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    rf"(?:(?:unfortunately|sorry|i'm sorry|i am sorry|i apologi[sz]e|leider),? (?:but )?)?"
    rf"(?:(?:the |these |this |any of the )?(?:provided |given |supplied )?{_SOURCE_NOUN}(?: provided| given| supplied)? (?:do(?:es)?|did) ?(?:not|n't)"
    rf" (?:directly |explicitly |specifically )?(?:answer|contain|mention|provide|say|specify|include|address|state|give)"
    rf"|i (?:do not|don't|cannot|can't|could not|couldn't|was unable to|am unable to|am not able to) (?:find|know|answer|determine|see|provide)"
    rf"|there is no (?:information|mention|answer)|(?:this|that|it) is not (?:mentioned|stated|specified|answered|covered|addressed) in (?:the|these)"
    rf"|(?:the )?(?:answer|information) (?:is not|cannot be|could not be) (?:found|contained|given|mentioned|provided)"
    rf"|die (?:dokumente|unterlagen|quellen|passagen) (?:beantworten|enthalten|nennen|erwähnen) (?:dies|das|dazu|die frage|keine)"
    rf"|les (?:documents|passages|extraits) ne (?:répondent|contiennent|mentionnent|précisent) pas)"
    r"[^,;:\d]{0,140}\Z",
    re.IGNORECASE,
)
_HIDDEN_CLAIM = re.compile(
    r"\b(?:but|however|although|though|because|instead|aber|jedoch|sondern|mais|except|only|so)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Claim:
    """`text` is what is checked. `verbatim` are the sentence with its citation marks and with its Markdown left in, for
    sources that have the same; `quotes` are its quoted parts.

    `passages` (counted from 1) and `pages` are where the model says that it is from.
    """

    text: str
    verbatim: tuple[str, ...]
    quotes: tuple[str, ...]
    passages: tuple[int, ...]
    pages: tuple[int, ...]
    checkable: bool


def read_claim(sentence: str, kind: Kind, document_names: Collection[str] = ()) -> Claim:
    """Read what a sentence claims. `document_names` may be used in it to point at a source ("According to lease.pdf, …")."""
    if kind == "code":
        return Claim(sentence.strip(), (), (), (), (), bool(re.search(r"\w", sentence)))
    if kind in ("row", "header_row"):
        sentence = " ".join(cell.strip() for cell in sentence.strip().strip("|").split("|"))
    marked = _without_markdown(sentence)
    passages, pages = _hints(marked)
    bare = " ".join(MARK.sub(" ", marked).split())
    bare = re.sub(r" ([.,;:!?])(?=\s|\Z)", r"\1", bare)
    text, pointed = _without_pointing(bare, document_names)
    quotes = tuple(quote for quote in _QUOTE.findall(bare) if len(quote.split()) >= 4)
    checkable = kind not in ("heading", "header_row") and _claims_something(bare, text, wholly_bold=_is_wholly_bold(sentence))
    return Claim(text, (marked, sentence), quotes, passages + pointed, pages, checkable)


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


def _without_pointing(text: str, document_names: Collection[str]) -> tuple[str, tuple[int, ...]]:
    """Take off openers ("However,") and phrases that only point at a source; the passages they name."""
    pointed: list[int] = []
    for _ in range(3):
        opener = _OPENERS.match(text)
        if opener:
            text = text[opener.end() :]
            continue
        probe = _names_as_document(text, document_names)
        pointing = _POINTING.match(probe)
        if not pointing or not _only_points(pointing["where"] or pointing["who"]):
            break
        pointed += [int(number) for number in _NUMBER.findall(pointing["where"] or pointing["who"])]
        text = probe[pointing.end() :]
    return text, tuple(pointed)


def _names_as_document(text: str, document_names: Collection[str]) -> str:
    """The text with a document's name near its beginning replaced by the word "document"."""
    for name in sorted(document_names, key=len, reverse=True):
        for written in (name, name.rpartition(".")[0]):
            if len(written) > 2 and 0 <= text.find(written) < 40:
                return text.replace(written, "document", 1)
    return text


def _only_points(phrase: str) -> bool:
    """Whether the phrase is a way to say "the document" or "passage 2" and claims nothing itself."""
    words = phrase.strip(" \"'“”").split()
    numbered = [word for word in words if re.fullmatch(r"#?\d{1,3}", word)]
    rest = [word for word in words if word not in numbered]
    is_section = any(re.fullmatch(r"sections?|abschnitte?|pages?|seiten?", word, re.IGNORECASE) for word in rest)
    names_source = any(re.fullmatch(_SOURCE_NOUN, word, re.IGNORECASE) for word in rest)
    return names_source and len(numbered) <= 1 and not (numbered and is_section) and all(map(_POINTING_WORD.match, rest))


def _claims_something(bare: str, text: str, *, wholly_bold: bool) -> bool:
    if not re.search(r"\w", text) or bare.endswith(("?", "？")):
        return False
    if _INTRODUCTION.match(bare) or _GREETING.match(bare) or (_REFUSAL.match(bare) and not _HIDDEN_CLAIM.search(bare)):
        return False
    return not (wholly_bold and bare[-1] not in ".!" and len(bare.split()) <= 8 and not re.search(r"\d", bare))


def _is_wholly_bold(sentence: str) -> bool:
    stripped = sentence.strip()
    return stripped.startswith(("**", "__")) and stripped.endswith(("**", "__", "**:", "__:"))

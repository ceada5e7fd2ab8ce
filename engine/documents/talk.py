"""What an answer says about itself: greetings, introductions, refusals, and phrases that only point at a source.

Pure. Strict on purpose: a phrase counts as talk only if nothing in it could be a claim, so that no claim hides in one.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_FLAGS = re.IGNORECASE | re.VERBOSE
_NUMBER = re.compile(r"\d{1,4}")

_SOURCE_NOUN = r"""(?:
    documents?|passages?|texts?|sources?|context|excerpts?|sections?|information|materials?|files?|pages?|answer|manual|policy
    |contract|agreement|lease|report|letter
    |dokumente?n?|textes?|quellen?|abschnitte?|auszüge?n?|seiten?|unterlagen|passagen?|vertrag|bericht
    |extraits?|contrat|rapport
)"""
_SAYING = r"""(?:
    says?|states?|mentions?|explains?|notes?|specif(?:y|ies)|indicates?|defines?|reads?
    |besagen?|besagt|sagt|indique|précise
)"""
_OPENER = re.compile(
    r"""(?:
        yes|no|sure|certainly|of\ course|however|therefore|thus|also|additionally|furthermore|moreover|finally|first|second
        |in\ (?:summary|short|conclusion|addition|other\ words)
        |ja|nein|zudem|außerdem|daher|zusammenfassend|oui|non|cependant|de\ plus|en\ résumé
    ),\ (?=\S)
    |(?:
        it\ is\ (?:also\ )?(?:important|worth)\ (?:to\ note|noting)\ that
        |it\ is\ (?:stated|mentioned|noted|specified|said)\ that
        |(?:please\ )?note\ that|the\ answer\ is:?|answer:|antwort:
    )\ """,
    _FLAGS,
)
_POINTING = re.compile(
    rf"""(?:
        according\ to|as\ (?:stated|described|mentioned|noted|specified|set\ out|defined)\ (?:in|by|on)|based\ on|per|in|on
        |gemäß|laut|nach|selon|d'après
    )\ (?P<where>[^,:;.!?\n]{{1,80}}),[ ]
    |(?P<who>[^,:;.!?\n]{{1,80}}?)\ (?:also\ |clearly\ |further\ )?{_SAYING}(?:\ that|,?\ dass|\ que)?[:,]?\ """,
    _FLAGS,
)
_POINTING_WORD = re.compile(
    rf"(?:the|this|these|that|of|in|and|given|provided|above|following|user's|your|my|der|die|das|den|dem|le|la|les|ce|du)\Z"
    rf"|{_SOURCE_NOUN}\Z",
    _FLAGS,
)
_INTRODUCTION = re.compile(
    rf"""(?:
        here\ (?:is|are)|below\ (?:is|are)|based\ on|according\ to|the\ following|these\ are|this\ is|as\ follows|sure|certainly
        |of\ course|summary|answer|key\ points|in\ summary|to\ summarize|hier\ (?:ist|sind)|folgende|basierend\ auf|voici
    )\b[^.!?\d]{{0,120}}:\Z
    |(?:based\ on|according\ to)\ (?:the\ )?(?:provided\ |given\ )?{_SOURCE_NOUN}(?:\ provided|\ given)?[,:]?\Z
    |(?:answer|antwort|réponse|summary|sources?|quellen?|references?|key\ points|conclusion|note):?\Z""",
    _FLAGS,
)
_GREETING = re.compile(
    r"""(?:
        sure|certainly|of\ course|you're\ welcome|great\ question|ok(?:ay)?|gerne|natürlich|bien\ sûr|thanks|danke|merci
    )[.!]?\Z
    |(?:hello|hi|dear|good\ (?:morning|afternoon|evening)|hallo|guten\ tag|bonjour)(?:,?\ [^\W\d]+){0,3}[!.,]?\Z
    |(?:
        thank\ you\ for|i\ hope\ (?:this|that)\ helps|let\ me\ know\ if|feel\ free\ to\ ask
        |if\ you\ have\ any\ (?:other\ |more\ |further\ )?questions
    )[^:;\d]{0,80}\Z""",
    _FLAGS,
)
_REFUSAL = re.compile(
    rf"""(?:(?:unfortunately|sorry|i'm\ sorry|i\ am\ sorry|i\ apologi[sz]e|leider),?\ (?:but\ )?)?
    (?:
        (?:the\ |these\ |this\ |any\ of\ the\ )?(?:provided\ |given\ |supplied\ )?{_SOURCE_NOUN}
            (?:\ provided|\ given|\ supplied)?\ (?:do(?:es)?|did)\ ?(?:not|n't)\ (?:directly\ |explicitly\ |specifically\ )?
            (?:answer|contain|mention|provide|say|specify|include|address|state|give)
        |i\ (?:do\ not|don't|cannot|can't|could\ not|couldn't|was\ unable\ to|am\ unable\ to|am\ not\ able\ to)[ ]
            (?:find|know|answer|determine|see|provide)
        |there\ is\ no\ (?:information|mention|answer)
        |(?:this|that|it)\ is\ not\ (?:mentioned|stated|specified|answered|covered|addressed)\ in\ (?:the|these)
        |(?:the\ )?(?:answer|information)\ (?:is\ not|cannot\ be|could\ not\ be)\ (?:found|contained|given|mentioned|provided)
        |die\ (?:dokumente|unterlagen|quellen|passagen)\ (?:beantworten|enthalten|nennen|erwähnen)[ ]
            (?:dies|das|dazu|die\ frage|keine)
        |les\ (?:documents|passages|extraits)\ ne\ (?:répondent|contiennent|mentionnent|précisent)\ pas
    )[^,;:\d]{{0,140}}\Z""",
    _FLAGS,
)
_HIDDEN_CLAIM = re.compile(
    r"\b(?:but|however|although|though|because|instead|except|only|so|aber|jedoch|sondern|mais)\b", re.IGNORECASE
)
_QUESTION_MARKS = ("?", "\uff1f")


def claims_nothing(sentence: str) -> bool:
    """Whether a sentence without marks is a question, a greeting, an introduction or a refusal and no more."""
    if sentence.endswith(_QUESTION_MARKS) or _INTRODUCTION.match(sentence) or _GREETING.match(sentence):
        return True
    refusal = _REFUSAL.match(sentence)
    return bool(refusal) and not _HIDDEN_CLAIM.search(sentence)


def without_pointing(text: str, document_names: Collection[str]) -> tuple[str, tuple[int, ...]]:
    """Take off openers ("However,") and phrases that only point at a source; with the numbers of the passages they name."""
    pointed: list[int] = []
    for _ in range(3):
        opener = _OPENER.match(text)
        if opener:
            text = text[opener.end() :]
            continue
        named, name_at = _names_as_document(text, document_names)
        pointing = _POINTING.match(named)
        if not pointing or pointing.end() <= name_at or not _only_points(pointing["where"] or pointing["who"]):
            break
        pointed += [int(number) for number in _NUMBER.findall(pointing["where"] or pointing["who"])]
        text = named[pointing.end() :]
    return text, tuple(pointed)


def _names_as_document(text: str, document_names: Collection[str]) -> tuple[str, int]:
    """The text with a document's name in its first phrase replaced by the word "document", and where (-1: nowhere)."""
    first_phrase = _POINTING.match(text)
    for name in sorted(document_names, key=len, reverse=True):
        for written in (name, name.rpartition(".")[0]):
            at = text.find(written, 0, max(40 + len(name), first_phrase.end() if first_phrase else 0)) if len(written) > 2 else -1
            if at >= 0 and not (first_phrase and at >= first_phrase.end()):
                return text[:at] + "document" + text[at + len(written) :], at
    return text, -1


def _only_points(phrase: str) -> bool:
    """Whether the phrase is a way to say "the document" or "passage 2" and claims nothing itself."""
    words = phrase.strip(" \"'\u201c\u201d").split()
    numbered = [word for word in words if re.fullmatch(r"#?\d{1,3}", word)]
    rest = [word for word in words if word not in numbered]
    is_section = any(re.fullmatch(r"sections?|abschnitte?|pages?|seiten?", word, re.IGNORECASE) for word in rest)
    names_source = any(re.fullmatch(_SOURCE_NOUN, word, _FLAGS) for word in rest)
    return names_source and len(numbered) <= 1 and not (numbered and is_section) and all(map(_POINTING_WORD.match, rest))

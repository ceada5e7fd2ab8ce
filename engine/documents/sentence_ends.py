"""Whether a full stop ends a sentence: abbreviations, initials, ordinals, decimals, quotation marks and citation marks.

Pure: sees a fixed number of characters before and after the stop.
"""

from __future__ import annotations

import re

WIDE_STOPS = "\u3002\uff01\uff1f"  # of Chinese and Japanese; no blank follows them
LOOKBEHIND = 24
LOOKAHEAD = 48  # characters after a stop that decide whether it is an end

# Citation marks as models write them: [1], [S2, S3], 【1†source】, (Source 2), (p. 12), (Quelle 1), (Seite 4).
MARK = re.compile(
    r"\[\^?(?:S|Source |Passage |Document )?\d{1,3}(?:\s?[,;–-]\s?S?\d{1,3}){0,5}\]"
    r"|\[S\d{1,3}[ ,:][^\[\]\n]{0,80}\]"
    r"|【[^【】\n]{1,20}】"
    r"|\((?:see |siehe |voir )?(?:source|passage|quelle|document|doc|page|pages|seite|pp?|s)\.? ?#?"
    r"(?:\d{1,4}(?:\s?[,;–-]\s?\d{1,4}){0,5}"
    r"(?:, (?:page|p\.|seite|s\.) ?\d{1,4})?)\)",
    re.IGNORECASE,
)

_AFTER = re.compile(r"[\"'”’»)\]*_`]{0,4}")
_LAST_WORD = re.compile(r"(?:[^\W\d_]\.\s?){0,3}[\w§]{0,15}\.?\Z")
# Followed by more of the same sentence, whatever comes.
_NEVER_LAST = frozenset(
    "e.g i.e eg ie cf vs viz approx ca resp incl excl dept mr mrs ms dr prof rev hon gen"
    " z.b d.h u.a s.o s.u i.d.r i.s.d z.t bzw vgl ggf evtl gem bsp sog inkl zzgl p.ex c.-à-d mme mlle".split()
)
# Followed by more of the same sentence if that is a number.
_BEFORE_NUMBERS = frozenset(
    "no nos art arts sec secs ch para paras par fig figs eq vol p pp s abs nr lit ziff tel"
    " jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_MONTHS = "jan feb mar mär apr may mai jun jul aug sep oct okt nov dec dez".split()
_OPENING = "\"'\u201c\u2018\u201e\u00ab([*_`"


def after_end(so_far: str, ahead: str) -> int | None:
    """How much of `ahead` still belongs to the sentence that ends with the stop at the end of `so_far`; None: no end.

    Closing quotation marks and citation marks belong to the sentence before them.
    """
    if so_far[-1] in WIDE_STOPS:
        return 0
    used = _AFTER.match(ahead).end()  # type: ignore[union-attr]  # the pattern matches the empty string
    marked = _skip_marks(ahead, used)
    if marked == len(ahead):
        return marked
    if not ahead[marked].isspace() and marked == used:
        return None
    following = ahead[marked:].lstrip()
    if not following:
        return marked
    if so_far[-1] == "." and _goes_on(so_far, following, stands_alone=marked == 0):
        return None
    return marked


def _skip_marks(ahead: str, at: int) -> int:
    while True:
        mark = MARK.match(ahead, at + (ahead[at : at + 1] == " "))
        if not mark:
            return at
        at = mark.end()
        if ahead[at : at + 1] == "." and not ahead[at + 1 : at + 2].isalnum():
            at += 1


def _goes_on(so_far: str, following: str, *, stands_alone: bool) -> bool:
    """Whether a full stop followed by blank and `following` is inside a sentence."""
    first = following.lstrip(_OPENING)[:3].lower()
    if following.lstrip(_OPENING)[:1].islower() or following[0] in ",;:)":
        return True
    if not stands_alone:
        return False
    last = _LAST_WORD.search(so_far)
    word = re.sub(r"\s", "", last[0]).rstrip(".").lower() if last else ""
    if word.isdigit():
        return len(word) <= 2 and first in _MONTHS
    ending = word.rpartition(".")[2]
    if len(ending) == 1 and ending.isalpha() and so_far[-2:-1].isupper() and word != "i":
        return True
    if len(ending) == 1 and re.match(r"[^\W\d_]\.", following):  # "z. B."
        return True
    return word in _NEVER_LAST or (ending in _BEFORE_NUMBERS and first[:1].isdigit())

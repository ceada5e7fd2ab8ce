"""Which words of an answer another answer does not have. Pure: two texts in, stretches of the second one out.

Words are compared without case; marks, spaces and Markdown between them do not count. Answers that are too long to be
compared at once are not compared at all, rather than in part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:[.,:/’'\-][^\W_]+)*")
MOST_WORDS = 8_000  # of either answer; the comparison takes as long as both lengths multiplied


@dataclass(frozen=True)
class Differences:
    """`stretches` are (start, end) in the compared text, in order; `n_words` counts the words in them.

    `is_compared` is False where the answers were too long.
    """

    stretches: tuple[tuple[int, int], ...] = ()
    n_words: int = 0
    is_compared: bool = True


def differences(first: str, other: str) -> Differences:
    """What `other` says that `first` does not, word by word and in order."""
    before, found = list(_WORD.finditer(first)), list(_WORD.finditer(other))
    if max(len(before), len(found)) > MOST_WORDS:
        return Differences(is_compared=False)
    changed = _changed([word[0].casefold() for word in before], [word[0].casefold() for word in found])
    stretches: list[tuple[int, int]] = []
    last = -2
    for at in changed:
        start, end = found[at].span()
        if at == last + 1 and "\n" not in other[stretches[-1][1] : start]:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
        last = at
    return Differences(tuple(stretches), len(changed))


def _changed(before: Sequence[str], now: Sequence[str]) -> list[int]:
    """Places in `now` that are no part of the longest common subsequence."""
    from rapidfuzz.distance import LCSseq  # only when somebody looks for differences

    changed: list[int] = []
    for step in LCSseq.opcodes(before, now):
        if step.tag != "equal":
            changed.extend(range(step.dest_start, step.dest_end))
    return changed

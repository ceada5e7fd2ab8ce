"""Which label an answer gives, and how the labels of a model stand to the right ones.

Pure. An answer that names two labels, or none, has given none; a wrong guess at what it meant would be a wrong score.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.evaluation.answer_text import announced, bare, fenced, key_of

_JOINED = re.compile(r"[\s_/\-–]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l"})
_NEGATED = re.compile(
    r"(?:\b(?:not|no|never|neither|nor|without|kein\w*|nicht|nie|ohne|weder|noch|pas|non|ni|aucune?|sans|jamais)\b|n't\b|n’t\b)"
    r"(?:[^\w.,;:!?\n]+\w+){0,3}[^\w.,;:!?\n]*\Z"
)
_NEGATION_SPAN = 60
_SHORTEST_MENTION = 3


def label_of(answer: str, labels: Sequence[str]) -> str | None:
    """The one of `labels` that the answer gives; None if it gives none of them, or more than one."""
    keys = _keys(labels)
    for said in _said(answer):
        if _folded(said) in keys:
            return keys[_folded(said)]
    ends = _ends(answer, keys)
    if ends:
        return ends.pop() if len(ends) == 1 else None
    text = _folded_lightly(bare(answer))
    return _first_said(text, keys) or _only_mentioned(text, keys)


def _said(answer: str) -> Iterator[str]:
    """Texts that are the label if they are one, surest first."""
    yield bare(answer)
    yield from _in_json(answer)
    said = announced(answer)
    if said is not None:
        yield said


def _ends(answer: str, keys: Mapping[str, str]) -> set[str]:
    """The labels that are the first or the last line, before or after an explanation."""
    lines = [line for line in bare(answer).splitlines() if line.strip()]
    return {keys[_folded(line)] for line in (lines[:1] + lines[-1:]) if _folded(line) in keys}


def _in_json(answer: str) -> Iterator[str]:
    """The one text of a JSON object that holds one."""
    for text in (bare(answer), *fenced(answer)):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        texts = [each for each in value.values() if isinstance(each, str)] if isinstance(value, dict) else [value]
        if len(texts) == 1 and isinstance(texts[0], str):
            yield texts[0]


def _first_said(text: str, keys: Mapping[str, str]) -> str | None:
    """The label that the answer begins with and sets off from what follows: "Complaint, because …"."""
    found = re.match(rf"\W*({_any(keys)})(?:\s*[,.;:(\n!]|\s+[-–—]\s|\s*\Z)", text)
    return keys[_folded(found[1])] if found else None


def _only_mentioned(text: str, keys: Mapping[str, str]) -> str | None:
    long_enough = {key: label for key, label in keys.items() if len(key) >= _SHORTEST_MENTION}
    if not long_enough:
        return None
    named = set()
    for found in re.finditer(rf"(?<!\w)({_any(long_enough)})(?!\w)", text):
        if not _NEGATED.search(text[max(0, found.start() - _NEGATION_SPAN) : found.start()]):
            named.add(long_enough[_folded(found[1])])
    return named.pop() if len(named) == 1 else None


def _any(keys: Mapping[str, str]) -> str:
    """A pattern of all labels, longest first, however their words are joined."""
    longest_first = sorted(filter(None, keys), key=len, reverse=True)
    return "|".join(r"[\s_/\-–]+".join(map(re.escape, key.split(" "))) for key in longest_first) or r"(?!)"


def _keys(labels: Sequence[str]) -> dict[str, str]:
    return {_folded(label): label for label in reversed(labels)}


def _folded(text: str) -> str:
    """No case, no accents, umlauts spelled out, words joined by single spaces."""
    return _JOINED.sub(" ", _folded_lightly(key_of(text))).strip()


def _folded_lightly(text: str) -> str:
    spelled = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    return "".join(each for each in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(each))


# ---------------------------------------------------------------- the table of labels
@dataclass(frozen=True)
class Confusion:
    """How often each right label (row) was given as each label (column); the last column counts answers that gave none."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def recall(self, label: str) -> float | None:
        """Share of the answers with this right label that gave it; None if it was never right."""
        at = self.labels.index(label)
        total = sum(self.counts[at])
        return self.counts[at][at] / total if total else None

    @property
    def accuracy(self) -> float | None:
        total = sum(map(sum, self.counts))
        return sum(row[at] for at, row in enumerate(self.counts)) / total if total else None


def confusion(expected: Sequence[str], given: Sequence[str | None], labels: Sequence[str]) -> Confusion:
    """Count which label was given where which was right; both must be of `labels`, None for no label."""
    cells = Counter(zip(expected, given, strict=True))
    columns: tuple[str | None, ...] = (*labels, None)
    return Confusion(tuple(labels), tuple(tuple(cells[row, column] for column in columns) for row in labels))

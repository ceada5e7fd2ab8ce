"""How good an answer is, by the kind of work: 0 or 1 for an exact answer or a label, a share for fields. Pure.

Of the two scorers without right answers, `agrees` tells whether two answers say the same; that is agreement, not quality.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.evaluation.answer_text import key_of, readings
from engine.evaluation.fields import FieldScore, fields_of, score
from engine.evaluation.labels import label_of
from engine.vote_records import Scorer


def is_exact(expected: str, answer: str | None) -> bool:
    """Whether the answer is the expected one, but for case, punctuation around it and the way numbers are written."""
    return answer is not None and key_of(expected) in readings(answer)


def is_label(expected: str, answer: str | None, labels: Sequence[str]) -> bool:
    """Whether the answer gives the expected label."""
    return answer is not None and label_of(answer, labels) == label_of(expected, labels) is not None


def field_score(expected: str, answer: str | None) -> FieldScore | None:
    """The fields of the answer against a JSON object; None where what is expected is none."""
    wanted = fields_of(expected)
    return None if wanted is None else score(wanted, answer)


def agrees(one: str, other: str, scorer: Scorer, labels: Sequence[str] = ()) -> float:
    """How far two answers say the same, between 0 and 1."""
    if scorer == "fields":
        fields = field_score(other, one)
        return 0.0 if fields is None else fields.f1
    if scorer == "labels" and labels:
        return float(is_label(one, other, labels))
    return float(bool(set(readings(one)) & set(readings(other))))

"""Scoring of extracted fields: JSON objects compared field by field.

Pure. A field is a path with a plain value. A missing field, null and an empty text are the same: nothing was extracted.
Lists of plain values are compared without their order, lists of objects in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.evaluation.answer_text import fenced, key_of, number_key, without_thoughts

_MOST_BRACES = 50  # places at which an object in prose is looked for
_Field = tuple[str, str]


@dataclass(frozen=True)
class FieldScore:
    """How many fields were expected, given, and given rightly. `is_valid`: the answer is an object of the expected shape.

    `by_name` counts (right, expected) under each name of the outermost object.
    """

    n_right: int
    n_expected: int
    n_given: int
    is_valid: bool
    by_name: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 2·right / (expected + given); 1 where there was nothing to find."""
        total = self.n_expected + self.n_given
        return 2 * self.n_right / total if total else float(self.is_valid)


def fields_of(answer: str) -> dict[str, object] | None:
    """The JSON object that an answer gives, alone, in a code fence or amid prose. Numbers are int or Decimal."""
    alone = without_thoughts(answer)
    for text in (alone, *fenced(alone)):
        value = _loaded(text)
        if isinstance(value, dict):
            return value
    return next(_amid_prose(alone), None)


def score(expected: Mapping[str, object], answer: str | None) -> FieldScore:
    """Compare the fields of an answer with the expected ones."""
    given = fields_of(answer) if answer is not None else None
    wanted, found = Counter(_flat(expected, "")), Counter(_flat(given or {}, ""))
    right = wanted & found
    names = {path.split("\0")[1]: None for path, _ in wanted}
    by_name = {name: (_count(right, name), _count(wanted, name)) for name in names}
    return FieldScore(right.total(), wanted.total(), found.total(), given is not None and _fits(expected, given), by_name)


def micro_f1(scores: Iterable[FieldScore]) -> float | None:
    """F1 over the fields of all answers together; None where there were none."""
    right = total = 0
    for each in scores:
        right, total = right + each.n_right, total + each.n_expected + each.n_given
    return 2 * right / total if total else None


def valid_rate(scores: Iterable[FieldScore]) -> float | None:
    """Share of answers that keep to the expected shape; None of none."""
    valid = [each.is_valid for each in scores]
    return sum(valid) / len(valid) if valid else None


def _count(fields: Counter[_Field], name: str) -> int:
    return sum(n for (path, _), n in fields.items() if path.split("\0")[1] == name)


def _loaded(text: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(name: str) -> object:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _amid_prose(answer: str) -> Iterator[dict[str, object]]:
    decoder, at = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse), -1
    for _ in range(_MOST_BRACES):
        at = answer.find("{", at + 1)
        if at < 0:
            return
        try:
            value = decoder.raw_decode(answer, at)[0]
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value


def _flat(value: object, path: str) -> Iterator[_Field]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}\0{str(name).strip().casefold()}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _flat(inner, f"{path}\0{at}" if isinstance(inner, dict | list) else f"{path}\0*")
    else:
        key = _value_key(value)
        if key:
            yield path, key


def _value_key(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return number_key(Decimal(repr(value)))
    if isinstance(value, int | Decimal):
        return number_key(value)
    return key_of(str(value))


def _fits(expected: object, given: object) -> bool:
    """Whether a value has the shape of the expected one; null fits anything, and further fields do no harm to the shape."""
    if expected is None or given is None:
        return True
    if isinstance(expected, Mapping):
        return isinstance(given, Mapping) and all(name in given and _fits(each, given[name]) for name, each in expected.items())
    if isinstance(expected, list):
        return isinstance(given, list) and (not expected or all(_fits(expected[0], each) for each in given))
    if isinstance(expected, bool) or isinstance(given, bool):
        return isinstance(expected, bool) and isinstance(given, bool)
    if isinstance(expected, int | float | Decimal):
        return isinstance(given, int | float | Decimal)
    return isinstance(given, type(expected))

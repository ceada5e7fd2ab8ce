"""The last look before anything is sent: whether a hidden detail can still be read, in whatever form.

Pure. Works on texts, and on a whole request body as it would go over the line. It looks only for what is in the table: a
name that nobody recognised is not found here either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from engine.compare_records import HiddenDetail, Leak
from engine.hiding.matching import Match, Wanted, covered, matches

# Words of the requests themselves: the names of their fields, and what these can be set to.
_FIELDS = frozenset(
    "model messages role content type text system user assistant developer stream stream_options include_usage max_tokens"
    " max_completion_tokens temperature top_p usage include metadata stop n thinking reasoning store seed".split()
)


def leaks(text: str, details: Sequence[HiddenDetail]) -> tuple[Leak, ...]:
    """All places of `text` at which a hidden detail can be read, in order."""
    return found_leaks(text, Wanted(details), details)


def found_leaks(text: str, wanted: Wanted, details: Sequence[HiddenDetail]) -> tuple[Leak, ...]:
    blanked = covered(text, placeholder_spans(text, details))
    ordered = sorted(matches(blanked, wanted), key=lambda match: (match.start, -match.end))
    kept: list[Match] = []
    ends: dict[str, int] = {}
    for match in ordered:
        if match.end > ends.get(match.detail.placeholder, -1):
            ends[match.detail.placeholder] = match.end
            kept.append(match)
    return tuple(Leak(each.detail.placeholder, each.detail.kind, each.form, each.start, each.end) for each in kept)


def body_leaks(
    body: bytes, details: Sequence[HiddenDetail], besides: Sequence[str] = (), wanted: Wanted | None = None
) -> tuple[Leak, ...]:
    """All leaks of a request body; their places are those in the text of the field that holds them.

    The names of fields and the values in `besides` (the model's name) are the program's own words: a person called Max or
    Claude is not leaked by "max_tokens" or by the name of a model. A body that is not JSON is read as it is. `wanted` is
    made of the details where nobody has it at hand.
    """
    wanted = Wanted(details) if wanted is None else wanted
    return tuple(leak for text in _texts(body, frozenset(besides)) for leak in found_leaks(text, wanted, details))


def placeholder_spans(text: str, details: Sequence[HiddenDetail]) -> list[tuple[int, int]]:
    """Where the placeholders of details stand in a text."""
    known = {detail.placeholder for detail in details}
    spans = []
    at = text.find("[")
    while at >= 0:
        end = text.find("]", at, at + 40) + 1
        if end and text[at:end] in known:
            spans.append((at, end))
        at = text.find("[", at + 1)
    return spans


def _texts(body: bytes, besides: frozenset[str]) -> Iterator[str]:
    try:
        shape = json.loads(body)
    except (ValueError, RecursionError):
        yield body.decode("utf-8", "replace")
        return
    waiting: list[object] = [shape]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and value not in _FIELDS and value not in besides:
            yield value
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > 999_999:
            yield str(value)

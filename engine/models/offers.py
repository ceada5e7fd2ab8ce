"""What the catalogue means on this computer: which size of a model to take, and which models to try first. Pure.

Whether something fits is judged by the caller. Opens no file and no connection.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from engine.model_records import ModelSize, Offer, OfferedModel, OfferedSize
from engine.models.catalogue import Catalogue
from engine.models.facts import ModelFacts
from engine.records import Fit, Model, ModelId

Judge = Callable[[ModelFacts | None, int | None], Fit]
#: A size's header is known by the repository and the path of its first file.
Headers = Mapping[tuple[str, str], ModelFacts]

COMFORTABLE_PACE = 12.0  # tokens a second, twice as fast as people read: from here on, more speed is worth little
_USABLE_AT_WORK = ("yes", "with_conditions")
_BEST_FIRST = ("fits_well", "tight", "slow")
_KEEPS_MOST_FIRST = ("original", "closest", "balanced", "smaller", "smallest")
_UNDATED = 2024.0  # a model without a date counts as an old one


def offers(catalogue: Catalogue, models: Iterable[Model], judge: Judge, headers: Headers) -> tuple[Offer, ...]:
    """Every model of the catalogue with what its sizes mean here; `models` are those that are here already.

    A size whose header was read is judged by it, others by what the catalogue states of their shape.
    """
    here = list(models)

    def facts(model_id: str, size: ModelSize) -> ModelFacts | None:
        return headers.get((size.repository, size.files[0].path)) or catalogue.shape(model_id, size.key)

    return tuple(offer(model, catalogue.sizes(model.id), here, judge, partial(facts, model.id)) for model in catalogue.offers)


def offer(
    model: OfferedModel,
    sizes: Sequence[ModelSize],
    models: Iterable[Model],
    judge: Judge,
    facts: Callable[[ModelSize], ModelFacts | None],
) -> Offer:
    """One model with its sizes, the smallest first. `facts` gives what is known of a size's header."""
    here = list(models)
    offered = tuple(
        _offered(size, judge(facts(size), size.about_bytes), here)
        for size in sorted(sizes, key=lambda size: size.about_bytes or math.inf)
    )
    return Offer(model, offered, advised(offered))


def advised(sizes: Sequence[OfferedSize]) -> str | None:
    """The key of the size to take: of those that fit best, the one that keeps most of the original at a comfortable pace.

    Where none writes that fast, or no speed is known, it is the smallest of them. None if nothing is known to fit.
    """
    known = [size for size in sizes if size.fit.verdict in _BEST_FIRST]
    if not known:
        return None
    best = min(_rank(size) for size in known)
    fitting = [size for size in known if _rank(size) == best]
    quick = [size for size in fitting if (size.fit.tokens_per_s_low or 0) >= COMFORTABLE_PACE]
    if quick:
        return min(quick, key=lambda size: (_KEEPS_MOST_FIRST.index(size.size.kind), _bytes(size))).size.key
    return min(fitting, key=_bytes).size.key


def first_choices(offered: Sequence[Offer], n: int = 3) -> tuple[str, ...]:
    """The ids of the `n` models to try first, the best first.

    Only models that answer questions, whose licence allows work and that are known to fit. One that fits well comes
    before a tight one and that before a slow one; then each publisher's best comes before anybody's second, so that
    the choice is one; then the more capable one, or among slow ones the quicker.
    """
    ranked = sorted((each for each in offered if _can_be_first(each)), key=_preference)
    turns: list[tuple[int, int, Offer]] = []
    of_publisher: Counter[tuple[str, int]] = Counter()
    for each in ranked:
        how_well = _preference(each)[0]
        turns.append((how_well, of_publisher[each.model.publisher, how_well], each))
        of_publisher[each.model.publisher, how_well] += 1
    chosen = sorted(turns, key=lambda of: of[:2])[:n]  # stable: the more capable stays before the less capable
    return tuple(each.model.id for each in sorted((each for _, _, each in chosen), key=_preference))


def capability(model: OfferedModel) -> float:
    """How much to expect of a model, on a scale where 1 more stands for twice as many parameters or for a year.

    With experts, what counts lies between the parameters that compute a token and all of them. A model that always
    thinks first costs its reader time, which counts as one less.
    """
    whole = model.n_parameters or 1e9
    effective = math.sqrt(whole * (model.n_active_parameters or whole))
    year, _, month = model.released.partition("-")
    released = int(year) + (int(month) - 1) / 12 if month else _UNDATED
    return math.log2(effective / 1e9) + (released - _UNDATED) - (model.thinks == "always")


def _can_be_first(each: Offer) -> bool:
    licence = each.model.licence
    return (
        each.model.purpose == "chat" and each.advised is not None and licence is not None and licence.at_work in _USABLE_AT_WORK
    )


def _preference(each: Offer) -> tuple[int, float, str]:
    """How well the advised size fits, then how capable the model is; of slow ones the quicker comes first."""
    size = next(size for size in each.sizes if size.size.key == each.advised)
    pace = size.fit.tokens_per_s_high
    if size.fit.verdict == "slow":
        return _rank(size), -(pace or 0.0), each.model.id
    return _rank(size), -capability(each.model), each.model.id


def _rank(size: OfferedSize) -> int:
    return _BEST_FIRST.index(size.fit.verdict)


def _bytes(size: OfferedSize) -> float:
    return size.size.about_bytes or math.inf


def _offered(size: ModelSize, fit: Fit, models: Sequence[Model]) -> OfferedSize:
    at_least = size.about_bytes if fit.verdict == "unknown" else None
    return OfferedSize(size, fit, _installed(size, models), at_least)


def _installed(size: ModelSize, models: Sequence[Model]) -> ModelId | None:
    """The model that holds exactly the files of a size: by checksum, or where none is published by name and origin."""
    first = size.files[0]
    for model in models:
        if first.sha256 is not None:
            is_same = model.sha256 == first.sha256
        else:
            same_name = Path(model.file).name == PurePosixPath(first.path).name
            same_origin = model.source.partition("@")[0].casefold() == size.repository.casefold()
            is_same = same_name and same_origin and size.n_bytes in (None, model.n_bytes)
        if is_same:
            return model.id
    return None

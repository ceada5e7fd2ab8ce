"""How many tokens a remote model would have counted for one of a local model. Pure; parts of a million.

The same text is 1.2 to 2.2 times as many tokens for one company as for another, so a price a token says little without
this. Three sources, the best first:

    calibrated   r = Σ remote tokens / Σ local tokens of one's own pairs (the same prompt, counted by both) of this workload,
                 local model and remote vocabulary; from the 2.5th to the 97.5th percentile of a bootstrap over the pairs
    prior        the middle of what was counted for the two vocabularies; from the least to the most of it, and at least
                 15 per cent to both sides
    none         1, from 0.8 to 1.6

Pairs are prompts; an answer is taken to be of the same kind of text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from random import Random
from statistics import median

from engine.ledger.money import half_even
from engine.ledger.ratio_tables import MADE_FOR_ENGLISH, N_ENGLISH, N_SAME_LETTERS, figures, local_vocabulary, remote_vocabulary
from engine.ledger_records import PairCount, RatioSource, Spread, WorkloadId

MILLION = 1_000_000
LEAST_PAIRS = 20
MOST_PAIRS = 200  # the newest: what texts are like changes, and more of them narrow the range by little
N_RESAMPLES = 1_000
LEAST_MARGIN = Fraction(15, 100)
_SEED = 5
_BITS = 64  # of the local tokens, which are fewer than 2**53 in an entry and of 200 entries at most
_RELEASE = re.compile(r"[-@]20\d\d-?[01]\d-?[0-3]\d$")


@dataclass(frozen=True)
class Ratio:
    """Remote tokens for a million local ones."""

    amount: Spread
    source: RatioSource


UNKNOWN = Ratio(Spread(800_000, MILLION, 1_600_000), "none")


def ratio_for(reference: str, local_model: str, workload: WorkloadId, pairs: Iterable[PairCount]) -> Ratio:
    """The ratio of a reference (`PROVIDER/MODEL`) to a local model in a workload. `pairs` are one's own, newest first."""
    family = _family(reference)
    own = [
        (pair.local_prompt, pair.remote_prompt)
        for pair in pairs
        if pair.workload == workload
        and pair.local == local_model
        and min(pair.local_prompt, pair.remote_prompt) > 0
        and _family(f"{pair.provider}/{pair.model}") == family
    ][:MOST_PAIRS]
    if len(own) >= LEAST_PAIRS:
        return Ratio(_calibrated(tuple(own)), "calibrated")
    return _prior(remote_vocabulary(reference), local_vocabulary(local_model))


@lru_cache(maxsize=2048)
def _family(reference: str) -> str:
    """Remote models that count alike: those of one vocabulary, or all releases of one model."""
    name = reference.casefold().rpartition("/")[2]
    return remote_vocabulary(reference) or _RELEASE.sub("", name)


@lru_cache(maxsize=256)
def _prior(remote: str, local: str) -> Ratio:
    counted = figures(remote, local)
    if counted is None:
        return UNKNOWN
    if is_english := local in MADE_FOR_ENGLISH:
        counted = counted[:N_SAME_LETTERS]
    middle = median(counted[:N_ENGLISH] if is_english else counted)
    low = min(*counted, middle * (1 - LEAST_MARGIN))
    high = max(*counted, middle * (1 + LEAST_MARGIN))
    return Ratio(Spread(*(round(each * MILLION) for each in (low, middle, high))), "prior")


@lru_cache(maxsize=256)  # it takes some thirty milliseconds, and a new pair of one workload changes none of another
def _calibrated(pairs: tuple[tuple[int, int], ...]) -> Spread:
    chance, n = Random(_SEED), len(pairs)
    both = [remote << _BITS | local for local, remote in pairs]  # drawn and added up as one number, in less time
    drawn = sorted(_of(sum(chance.choices(both, k=n))) for _ in range(N_RESAMPLES))
    cut = N_RESAMPLES * 25 // 1000
    middle = _of(sum(both))
    return Spread(min(drawn[cut], middle), middle, max(drawn[-1 - cut], middle))


def _of(both: int) -> int:
    """The ratio of two sums in one number, the remote tokens above the local ones."""
    return half_even((both >> _BITS) * MILLION, both & (1 << _BITS) - 1)


class Ratios:
    """The ratios that follow from one set of pairs, each worked out once. Safe to ask from several threads."""

    def __init__(self, pairs: Iterable[PairCount] = ()) -> None:
        self._pairs: dict[tuple[str, WorkloadId], list[PairCount]] = {}
        for pair in pairs:
            self._pairs.setdefault((pair.local, pair.workload), []).append(pair)
        self._known: dict[tuple[str, str, WorkloadId], Ratio] = {}

    def __call__(self, reference: str, local_model: str, workload: WorkloadId) -> Ratio:
        key = reference, local_model, workload
        if key not in self._known:
            self._known[key] = ratio_for(reference, local_model, workload, self._pairs.get((local_model, workload), ()))
        return self._known[key]

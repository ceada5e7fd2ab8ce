"""The same item goes the same way, a larger share takes none back, and samples are as many as were promised."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advice_records import Route, RouteKind
from engine.compare_records import RemoteChoice
from engine.ledger.routing import AWAY, HERE, SAMPLED, SHADOWED, Course, item_keys, plan, plan_all
from engine.ledger_records import WorkloadId
from engine.ledger_settings import Thresholds
from engine.provider_records import ProviderId

REMOTE = RemoteChoice(ProviderId("own"), "test-large")
NO_FLOOR = Thresholds(least_sample=0)
KEYS = item_keys(WorkloadId("tickets"), [f"Ticket {n}" for n in range(4000)])


def route(kind: RouteKind, share: int = 100, sample: int = 0, remote: RemoteChoice | None = REMOTE) -> Route:
    return Route(kind, remote=remote, share_percent=share, sample_percent=sample)


def here(courses: tuple[Course, ...]) -> set[int]:
    return {number for number, each in enumerate(courses) if each.counts == "local"}


def samples(courses: tuple[Course, ...]) -> set[int]:
    return {number for number, each in enumerate(courses) if each.is_sample}


@pytest.mark.parametrize(("kind", "course"), [("api", AWAY), ("shadow", SHADOWED), ("local", HERE)])
def test_each_route_says_who_answers_and_whose_answer_counts(kind: RouteKind, course: Course) -> None:
    assert set(plan_all(route(kind), KEYS[:50], NO_FLOOR)) == {course}
    assert (AWAY.counts, SHADOWED.counts, HERE.counts, SAMPLED.counts) == ("remote", "remote", "local", "local")
    assert [each.is_pair for each in (AWAY, SHADOWED, HERE, SAMPLED)] == [False, True, False, True]


@settings(max_examples=40)
@given(
    shares=st.lists(st.integers(0, 100), min_size=2, max_size=4).map(sorted),
    texts=st.lists(st.text(max_size=6), max_size=60),
    workload=st.text(max_size=8),
)
def test_a_larger_share_takes_no_item_back(shares: list[int], texts: list[str], workload: str) -> None:
    keys = item_keys(WorkloadId(workload), texts)
    found = [here(plan_all(route("share", each), keys, NO_FLOOR)) for each in shares]
    assert all(smaller <= larger for smaller, larger in pairwise(found))
    assert not here(plan_all(route("share", 0), keys, NO_FLOOR))
    assert len(here(plan_all(route("share", 100), keys, NO_FLOOR))) == len(keys)


@pytest.mark.parametrize("share", [1, 10, 30, 50, 90])
def test_a_share_is_right_within_what_chance_allows(share: int) -> None:
    n, expected = len(KEYS), share / 100
    found = len(here(plan_all(route("share", share), KEYS, NO_FLOOR))) / n
    assert abs(found - expected) < 4 * sqrt(expected * (1 - expected) / n)


@settings(max_examples=20)
@given(st.randoms(use_true_random=False), st.integers(1, 99))
def test_an_item_goes_the_same_way_whoever_stands_beside_it(chance: object, share: int) -> None:
    keys = list(KEYS[:80])
    alone = {key: plan(route("share", share), key, NO_FLOOR) for key in keys}
    chance.shuffle(keys)  # type: ignore[attr-defined]
    assert dict(zip(keys, plan_all(route("share", share), keys, NO_FLOOR), strict=True)) == alone


def test_two_workloads_do_not_share_their_items_alike() -> None:
    texts = [f"Ticket {n}" for n in range(400)]
    one, other = (here(plan_all(route("share", 50), item_keys(WorkloadId(each), texts), NO_FLOOR)) for each in ("a", "b"))
    assert 60 < len(one & other) < 140, "else one workload would always get the other's items"


def test_items_with_the_same_words_are_told_apart() -> None:
    keys = item_keys(WorkloadId("w"), ["again"] * 300)
    assert len(set(keys)) == 300 and 100 < len(here(plan_all(route("share", 50), keys, NO_FLOOR))) < 200
    assert item_keys(WorkloadId("w"), ["new", "again"])[1] == keys[0], "a line put in before it changes nothing"


# ---------------------------------------------------------------- samples
def test_samples_are_the_promised_part_of_what_is_answered_here_and_spread_over_the_share() -> None:
    found = plan_all(route("share", 50, sample=10), KEYS, NO_FLOOR)
    n_here = len(here(found))
    assert samples(found) <= here(found) and abs(len(samples(found)) - n_here / 10) < 4 * sqrt(n_here * 0.09)
    more = plan_all(route("share", 50, sample=30), KEYS, NO_FLOOR)
    assert samples(found) < samples(more)


@settings(max_examples=60)
@given(n=st.integers(0, 60), least=st.integers(0, 40), n_sampled=st.integers(0, 50), percent=st.integers(1, 100))
def test_a_month_has_no_fewer_samples_than_were_promised_where_there_is_enough_work(
    n: int, least: int, n_sampled: int, percent: int
) -> None:
    found = plan_all(route("local", sample=percent), KEYS[:n], Thresholds(least_sample=least), n_sampled=n_sampled)
    by_percent = samples(plan_all(route("local", sample=percent), KEYS[:n], NO_FLOOR))
    assert by_percent <= samples(found)
    assert len(samples(found)) == max(len(by_percent), min(n, max(0, least - n_sampled)))


def test_an_item_that_comes_alone_is_a_sample_until_the_month_has_enough() -> None:
    few, one = Thresholds(least_sample=5), route("local", sample=1)
    rare = next(key for key in KEYS if plan(one, key, NO_FLOOR) == HERE)
    assert (plan(one, rare, few, n_sampled=4), plan(one, rare, few, n_sampled=5)) == (SAMPLED, HERE)


@pytest.mark.parametrize("asked", [route("local", sample=0), route("local", sample=50, remote=None)])
def test_nothing_is_sampled_where_nobody_asked_for_it_or_nobody_could_answer(asked: Route) -> None:
    assert not samples(plan_all(asked, KEYS[:100], Thresholds(least_sample=20)))


def test_nothing_is_sampled_where_it_may_not_be() -> None:
    assert not samples(plan_all(route("local", sample=50), KEYS[:100], Thresholds(), may_sample=False))

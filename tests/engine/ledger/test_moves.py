"""Who may be moved now, whom the others wait for, and where one goes back to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advice_records import Move, Route, Sensitivity, Traits, WorkFacts, Workload
from engine.compare_records import RemoteChoice
from engine.errors import LedgerInputUnfit, MoveRefused
from engine.ledger import moves
from engine.ledger_records import WorkloadId
from engine.ledger_settings import Thresholds
from engine.provider_records import ProviderId

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REMOTE = RemoteChoice(ProviderId("own"), "test-large")
API, SHADOW, LOCAL = Route(remote=REMOTE), Route("shadow", remote=REMOTE), Route("local", remote=REMOTE)
FACTS = WorkFacts(100, 100, None, None, None, None, None)
THRESHOLDS = Thresholds(watch_days=14, watch_items=200)


def share(percent: int) -> Route:
    return Route("share", remote=REMOTE, share_percent=percent)


def workload(name: str = "Tickets", route: Route = API, sensitivity: Sensitivity = "internal", **more: bool) -> Workload:
    return Workload(WorkloadId(name.lower()), name, "classify", Traits(sensitivity), route, **more)


def moved(name: str, days_ago: float, before: Route, after: Route) -> Move:
    return Move(WorkloadId(name.lower()), NOW - timedelta(days=days_ago), before, after, None, "{}")


def obstacle(route: Route, of: Workload | None = None, done: tuple[Move, ...] = (), **more: object) -> str:
    facts = more.pop("facts", FACTS)
    others = [workload("Letters", LOCAL), workload("Invoices", LOCAL)]
    found = moves.obstacle(of or workload(), others, done[::-1], facts, NOW, THRESHOLDS, route=route, **more)  # type: ignore[arg-type]
    assert (found[1] is not None) == (found[0] == "one_at_a_time")
    return found[0]


# ---------------------------------------------------------------- the workload itself
@pytest.mark.parametrize(
    ("of", "route", "facts", "found"),
    [
        (workload(), LOCAL, FACTS, ""),
        (workload(is_fixed=True), LOCAL, FACTS, "fixed"),
        (workload(), LOCAL, replace(FACTS, has_local_model=False), "no_local_model"),
        (workload(), SHADOW, replace(FACTS, has_local_model=False), "no_local_model"),
        (workload(route=LOCAL), API, replace(FACTS, has_local_model=False), ""),
        (workload(), Route("local"), FACTS, ""),
        (workload(), Route("shadow"), FACTS, "no_remote_model"),
        (workload(), Route("share", share_percent=30), FACTS, "no_remote_model"),
        (workload(), Route("share", share_percent=100), FACTS, ""),
        (workload(route=LOCAL), Route("api"), FACTS, "no_remote_model"),
        (workload(sensitivity="confidential"), LOCAL, FACTS, ""),
        (workload(sensitivity="confidential"), SHADOW, FACTS, "confidential"),
        (workload(route=LOCAL, sensitivity="confidential"), API, FACTS, "confidential"),
    ],
)
def test_what_keeps_a_workload_where_it_is(of: Workload, route: Route, facts: WorkFacts, found: str) -> None:
    assert obstacle(route, of, facts=facts) == found


# ---------------------------------------------------------------- one at a time
@pytest.mark.parametrize(
    ("done", "n_watched", "found"),
    [
        ((moved("Letters", 3, API, LOCAL),), 199, "one_at_a_time"),
        ((moved("Letters", 3, API, LOCAL),), 200, ""),
        ((moved("Letters", 13.9, API, share(10)),), 0, "one_at_a_time"),
        ((moved("Letters", 14, API, LOCAL),), 0, ""),
        ((moved("Letters", 3, API, LOCAL), moved("Letters", 2, LOCAL, API)), 0, ""),
        ((moved("Letters", 20, API, share(10)), moved("Letters", 2, share(10), share(30))), 0, "one_at_a_time"),
        ((moved("Letters", 3, API, LOCAL), moved("Letters", 2, LOCAL, replace(LOCAL, sample_percent=9))), 0, "one_at_a_time"),
        ((moved("Letters", 3, API, SHADOW),), 0, ""),
        ((moved("Gone", 3, API, LOCAL),), 0, ""),
        ((moved("Tickets", 3, API, share(10)),), 0, ""),
        ((moved("Letters", 20, API, LOCAL), moved("Invoices", 5, API, LOCAL)), 0, "one_at_a_time"),
        ((moved("Letters", -2, API, LOCAL),), 0, ""),
        ((moved("Letters", -0.001, API, LOCAL),), 0, "one_at_a_time"),
        ((moved("Letters", 2, API, LOCAL), moved("Letters", 3, LOCAL, API)), 0, ""),
    ],
    ids=[
        "watched", "enough items", "almost long enough", "long enough", "returned", "more of the same", "other samples only",
        "a shadow moves nothing", "deleted since", "the workload itself", "the last of two", "a wrong clock", "a moment ahead",
        "returned after the clock was set back",
    ],
)  # fmt: skip
def test_a_second_one_waits_until_the_first_has_proved_itself(done: tuple[Move, ...], n_watched: int, found: str) -> None:
    assert obstacle(LOCAL, done=done, n_watched=n_watched) == found
    assert obstacle(SHADOW, done=done, n_watched=n_watched) == "", "a shadow is no move to this computer"


def test_it_is_said_until_when_the_other_one_is_watched_and_which_it_is() -> None:
    others, done = [workload("Letters", LOCAL)], (moved("Letters", 3, API, LOCAL),)
    assert moves.obstacle(workload(), others, done, FACTS, NOW, THRESHOLDS) == ("one_at_a_time", NOW + timedelta(days=11))
    last = moves.watched(others, done)
    assert last is not None and last.workload == "letters"


ROUTES = st.sampled_from([API, SHADOW, share(10), share(30), LOCAL])


@settings(max_examples=80)
@given(now_at=ROUTES, to=ROUTES, ages=st.lists(st.integers(0, 20), max_size=4), after=ROUTES)
def test_going_back_towards_the_remote_model_is_never_held_up_by_another(
    now_at: Route, to: Route, ages: list[int], after: Route
) -> None:
    done = tuple(moved(name, age, API, after) for age in ages for name in ("Letters", "Invoices"))
    if moves.share_here(to) <= moves.share_here(now_at):
        assert obstacle(to, workload(route=now_at), done) == ""


# ---------------------------------------------------------------- back again
@settings(max_examples=80)
@given(st.lists(st.sampled_from([SHADOW, share(10), share(30), LOCAL]), min_size=1, max_size=4, unique=True))
def test_going_back_again_and_again_leads_to_where_it_began(stages: list[Route]) -> None:
    path, done = [API, *stages], list[Move]()
    for number, (before, after) in enumerate(pairwise(path)):
        done.append(moved("Tickets", 90 - number, before, replace(after, since=NOW)))
    now_at = path[-1]
    for number, wanted in enumerate(reversed(path[:-1])):
        back = moves.previous(done[::-1])
        assert back is not None and moves.is_same(back, wanted)
        done.append(moved("Tickets", 50 - number, now_at, back))
        now_at = back
    assert moves.previous(done[::-1]) is None


def test_what_was_never_moved_has_nowhere_to_go_back_to() -> None:
    assert moves.previous(()) is None


# ---------------------------------------------------------------- running
@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (workload(), ""),
        (workload(route=Route("local")), ""),
        (workload(route=Route()), "no_remote_model"),
        (workload(sensitivity="confidential"), "confidential"),
        (workload(route=share(100), sensitivity="confidential"), "confidential"),
        (workload(route=LOCAL, sensitivity="confidential"), ""),
        (workload(is_fixed=True, route=LOCAL), "fixed"),
    ],
)
def test_what_cannot_be_followed_is_not_run(of: Workload, reason: str) -> None:
    if not reason:
        moves.require_runnable(of)
        return
    with pytest.raises(MoveRefused) as caught:
        moves.require_runnable(of)
    assert (caught.value.reason, caught.value.workload) == (reason, "Tickets")


@pytest.mark.parametrize(
    ("route", "reason"), [(replace(LOCAL, sample_percent=-1), "negative"), (share(101), "too_large"), (share(0), ""), (LOCAL, "")]
)
def test_a_share_is_a_per_cent(route: Route, reason: str) -> None:
    if not reason:
        moves.require_sound(route)
        return
    with pytest.raises(LedgerInputUnfit) as caught:
        moves.require_sound(route)
    assert caught.value.reason == reason

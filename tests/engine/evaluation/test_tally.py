"""What a tally says, and what it does not say yet."""

import math
import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import verdict
from engine.evaluation.caveats import caveats
from engine.evaluation.non_inferiority import nam_blackwelder, tango, tango_interval
from engine.evaluation.statistics import clopper_pearson, e_value, wilson
from engine.evaluation.tally import tally
from tests.engine.evaluation.ballots import LOCAL, REMOTE, SET, START, THIRD, vote, votes


def test_no_votes_say_nothing():
    empty = tally(SET, [])
    assert (empty.n_votes, empty.shares, empty.verdict, empty.evidence, empty.leader) == (0, (), "none", 1, None)
    assert (empty.next_look, empty.n_more, empty.left_share, empty.longer_share) == (100, 100, None, None)
    assert caveats(SET, []) == ()


def test_shares_are_of_all_that_was_judged():
    counted = tally(SET, votes(wins=6, losses=2, ties=3, none=1))
    assert [(share.model, share.wins, share.n) for share in counted.shares] == [(LOCAL, 6, 12), (REMOTE, 2, 12)]
    assert (counted.shares[0].low, counted.shares[0].high) == wilson(6, 12)
    assert (counted.n_votes, counted.n_equal, counted.n_none, counted.leader) == (12, 3, 1, LOCAL)
    assert counted.evidence == e_value(6, 2)
    assert [share.strength for share in counted.shares] == [None, None]


def test_nobody_leads_with_as_many_wins():
    assert tally(SET, votes(wins=3, losses=3)).leader is None
    assert tally(SET, votes(ties=3)).leader is None
    assert tally(SET, votes(wins=2, losses=3)).leader == REMOTE


def test_the_test_is_shown_at_a_planned_look_only():
    before, at, after = (tally(SET, votes(wins=n - 98, losses=0, ties=98)) for n in (99, 100, 101))
    assert (before.is_look, at.is_look, after.is_look) == (False, True, False)
    assert (before.next_look, at.next_look, after.next_look) == (100, 200, 200)
    assert before.p_value is before.difference is after.p_value is after.difference is None
    assert at.p_value == tango(2, 0, 100).p
    assert at.difference == (0.02, *tango_interval(2, 0, 100))


def test_a_verdict_stands_until_the_next_look():
    early = votes(ties=100)
    assert tally(SET, early[:99]).verdict == "more"
    assert tally(SET, early).verdict == "reached"
    late = [vote(100 + at, REMOTE) for at in range(100)]
    assert tally(SET, early + late[:99]).verdict == "reached"
    assert tally(SET, early + late).verdict == "inferior"


@pytest.mark.parametrize(
    ("wins", "losses", "ties", "expected"),
    [(8, 10, 382, "reached"), (10, 14, 176, "more"), (2, 9, 89, "more"), (5, 45, 50, "inferior"), (0, 0, 100, "reached")],
)
def test_a_look_gives_the_verdict_of_the_test(wins, losses, ties, expected):
    assert tally(SET, votes(wins, losses, ties)).verdict == expected


def test_two_useless_models_are_not_as_good_as_each_other():
    useless = tally(SET, votes(none=100))
    assert (useless.verdict, useless.p_value, useless.n_more, useless.evidence) == ("more", None, None, 1)
    assert useless.is_look
    some = tally(SET, votes(ties=60, none=40))
    assert some.p_value == tango(0, 0, 60).p and some.verdict == "more"


def test_the_side_of_the_local_model_does_not_matter():
    turned = [
        replace(each, models=each.models[::-1], best=None if each.best is None else 1 - each.best) for each in votes(30, 9, 61)
    ]
    assert tally(SET, turned).difference == tally(SET, votes(30, 9, 61)).difference
    mixed = [one if at % 2 else other for at, (one, other) in enumerate(zip(votes(30, 9, 61), turned, strict=True))]
    assert tally(SET, mixed).p_value == tally(SET, turned).p_value


def test_two_local_models_are_counted_but_neither_is_measured_by_the_other():
    models = (LOCAL, "local:llama")
    two = tally(SET, [vote(at, LOCAL, models) for at in range(100)])
    assert two.leader == LOCAL and two.evidence == e_value(100, 0)
    assert (two.verdict, two.is_look, two.next_look, two.n_more, two.p_value) == ("more", False, None, None, None)


# ---------------------------------------------------------------- which votes count
def test_a_recognised_model_spoils_a_blind_vote():
    some = [*votes(wins=5), vote(50, REMOTE, recognised=True)]
    assert (tally(SET, some).n_votes, tally(SET, some).n_recognised) == (6, 1)
    assert tally(SET, some).shares[1].wins == 0
    assert tally(SET, some).shares[0].n == 5
    only = tally(SET, [vote(1, LOCAL, recognised=True)])
    assert (only.verdict, only.shares[0].n, only.shares[0].low, only.shares[0].high) == ("none", 0, 0, 1)
    assert tally(SET, [vote(1, LOCAL, recognised=True, is_blind=False)]).shares[0].wins == 1


def test_a_second_vote_replaces_the_first_in_whatever_order_they_come():
    first, second = vote(1, LOCAL), vote(1, REMOTE, time=START + timedelta(days=1))
    for order in ([first, second], [second, first]):
        assert tally(SET, order).leader == REMOTE
        assert tally(SET, order).n_votes == 1


def test_the_tally_is_about_the_models_that_were_compared_last():
    old = votes(wins=20)
    new = [vote(50 + at, REMOTE, ("local:llama", REMOTE)) for at in range(3)]
    said = tally(SET, new + old)
    assert [(share.model, share.wins, share.n) for share in said.shares] == [("local:llama", 0, 3), (REMOTE, 3, 3)]
    assert said.n_votes == 3


def test_votes_of_other_sets_and_votes_for_no_pane_do_not_count():
    cast = vote(1, LOCAL)
    for unfit in ({"set": "other"}, {"best": 5}, {"best": -1}, {"best": None}, {"models": (LOCAL,)}):
        assert tally(SET, [replace(cast, **unfit)]).n_votes == 0


# ---------------------------------------------------------------- a judge
def test_a_judge_alone_never_brings_a_verdict():
    judged = tally(SET, votes(wins=90, losses=10, by="local:judge"))
    assert (judged.verdict, judged.p_value, judged.is_look, judged.next_look) == ("more", None, False, 100)
    assert judged.leader == LOCAL and judged.evidence == e_value(90, 10)
    assert judged.n_more == 100
    assert "judge_only" in caveats(SET, votes(wins=90, by="local:judge"))


def test_what_is_claimed_rests_on_persons():
    persons = votes(ties=99)
    mixed = persons + [vote(200 + at, REMOTE, by="local:judge") for at in range(80)]
    assert tally(SET, mixed).evidence == 1
    assert not tally(SET, mixed).is_look
    assert tally(SET, [*mixed, vote(999)]).verdict == "reached"
    assert "some_judged" in caveats(SET, mixed)


def test_a_judge_does_not_overrule_a_person():
    assert tally(SET, [vote(1, LOCAL), vote(1, REMOTE, by="local:judge", time=START + timedelta(days=1))]).leader == LOCAL
    assert tally(SET, [vote(1, REMOTE, by="local:judge"), vote(1, LOCAL, time=START + timedelta(days=1))]).leader == LOCAL


# ---------------------------------------------------------------- three and four
def test_three_models_get_shares_and_strengths_but_no_test():
    models = (LOCAL, REMOTE, THIRD)
    cast = [vote(at, models[at % 6 // 3 if at % 6 < 5 else 2], models) for at in range(120)]
    said = tally(SET, cast)
    assert [share.wins for share in said.shares] == [60, 40, 20]
    strengths = [share.strength for share in said.shares]
    assert strengths[0] - strengths[1] == pytest.approx(math.log(60 / 40))
    assert math.fsum(strengths) == pytest.approx(0)
    assert (said.evidence, said.difference, said.p_value, said.next_look, said.left_share, said.longer_share) == (1, *[None] * 5)
    assert said.verdict == "more"


def test_a_model_that_never_won_has_no_endless_weakness():
    models = (LOCAL, REMOTE, THIRD)
    said = tally(SET, [vote(at, models[at % 2], models) for at in range(40)])
    assert [share.strength for share in said.shares] == [None] * 3
    assert said.shares[2].low == 0 < said.shares[2].high


def test_a_model_against_itself_is_no_comparison():
    assert tally(SET, [vote(at, LOCAL, (LOCAL, LOCAL)) for at in range(100)]).evidence == 1


# ---------------------------------------------------------------- what may mislead
def test_a_voter_who_prefers_the_left_is_told():
    cast = [vote(at, LOCAL, order=(0, 1) if at < 9 else (1, 0)) for at in range(10)]
    assert tally(SET, cast).left_share == (0.9, *clopper_pearson(9, 10))
    assert tally(SET, cast).is_left_biased and "left_bias" in caveats(SET, cast)
    assert not tally(SET, cast[2:]).is_left_biased
    seen = [replace(each, is_blind=False) for each in cast]
    assert tally(SET, seen).left_share is None and "not_blind" in caveats(SET, seen)
    assert "not_blind" not in caveats(SET, cast)


def test_wins_of_the_longer_answer_are_told():
    cast = [vote(at, LOCAL, lengths=(300, 100) if at < 15 else (100, 300)) for at in range(20)]
    cast += [vote(40, LOCAL, lengths=(9, 9)), vote(41, lengths=(9, 300))]
    assert tally(SET, cast).longer_share == 15 / 20
    assert "longer_wins" in caveats(SET, cast)
    shorter = [replace(each, lengths=each.lengths[::-1]) for each in cast]
    assert tally(SET, shorter).longer_share == 5 / 20 and "longer_wins" not in caveats(SET, shorter)


def test_few_votes_are_called_few():
    assert "few_votes" in caveats(SET, votes(wins=29))
    assert "few_votes" not in caveats(SET, votes(wins=30))


# ---------------------------------------------------------------- how many more
def test_how_many_more_follows_the_formula():
    """Equal models that split one pair in five need 495; what was cast is taken off."""
    assert tally(SET, votes(9, 9, 72)).n_more == 495 - 90
    assert tally(SET, votes(18, 18, 144)).n_more == 495 - 180


def test_a_verdict_comes_at_the_next_look_at_the_earliest():
    assert tally(SET, votes(wins=40)).n_more == 60
    assert tally(SET, votes(wins=30, losses=5)).n_more == 65
    assert tally(SET, votes(wins=3)).n_more == 97


def test_more_votes_do_not_help_where_the_estimate_is_beyond_the_margin():
    assert tally(SET, votes(10, 20, 20)).n_more is None
    assert tally(SET, votes(1, 2)).n_more == 97, "three votes are no ground for saying so"


def test_nothing_more_is_needed_after_a_verdict_and_nothing_more_is_planned_after_the_last_look():
    assert tally(SET, votes(ties=100)).n_more == 0
    assert tally(SET, votes(100, 110, 190)).n_more is None


def test_a_number_of_more_votes_is_never_endless():
    assert tally(SET, votes(1000, 1019, 0)[:380]).n_more <= 5_000
    assert tally(SET, votes(100, 109, 1)).n_more == 5_000


ballots = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from([LOCAL, REMOTE, "=", "none"]),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["person", "person", "local:judge"]),
        st.sampled_from([(LOCAL, REMOTE), (REMOTE, LOCAL)]),
    ),
    max_size=80,
)


@given(ballots, st.randoms(use_true_random=False))
def test_a_tally_stays_in_its_bounds_and_does_not_depend_on_the_order_of_its_votes(drawn, chance):
    cast = [
        vote(at, best, models, is_blind=blind, recognised=known, by=by, time=START + timedelta(seconds=when))
        for when, (at, best, blind, known, by, models) in enumerate(drawn)
    ]
    said = tally(SET, cast)
    chance.shuffle(cast)
    assert tally(SET, cast) == said
    assert said.evidence > 0 and (said.n_more is None or 0 <= said.n_more <= 5_000)
    assert sum(share.wins for share in said.shares) + said.n_equal + said.n_none + said.n_recognised == said.n_votes
    assert all(0 <= share.low <= share.share <= share.high <= 1 for share in said.shares if share.n)


@given(st.integers(0, 120), st.integers(0, 120), st.integers(0, 200), st.integers(0, 30))
def test_swapped_models_swap_what_is_said(wins, losses, ties, none):
    one, other = tally(SET, votes(wins, losses, ties, none)), tally(SET, votes(losses, wins, ties, none))
    assert one.evidence == other.evidence
    if one.difference and other.difference:
        assert one.difference[0] == -other.difference[0]
        assert one.difference[1] == pytest.approx(-other.difference[2], abs=1e-9)


def test_ten_thousand_votes_are_counted_once_each():
    cast = votes(4_000, 4_000, 1_500, 500)
    random.Random(1).shuffle(cast)
    assert sum(share.wins for share in tally(SET, cast).shares) == 8_000


# ---------------------------------------------------------------- error rates over all looks
@pytest.mark.parametrize(
    ("shares", "wrong"), [((0.075, 0.125), "reached"), ((0.20, 0.25), "inferior"), ((0.02, 0.07), "reached")]
)
def test_over_three_looks_one_wrong_verdict_in_twenty_at_most(shares, wrong):
    """At the boundary, where p_L − p_R is exactly the margin, either verdict is wrong."""
    local, remote = shares
    steps = np.random.default_rng(11).multinomial([100, 100, 200], [local, remote, 1 - local - remote], (4_000, 3))
    wrong_ever = 0
    for b, c, _ in np.cumsum(steps, axis=1).transpose(0, 2, 1).tolist():
        said = [verdict.of_test(tango(b[at], c[at], look)) for at, look in enumerate(verdict.LOOKS)]
        wrong_ever += wrong in said
    assert wrong_ever / len(steps) <= 0.05 + 0.007


def test_over_three_looks_one_wrong_ratio_in_twenty_at_most():
    steps = np.random.default_rng(12).multinomial([100, 100, 200], [0.8275, 0.0275, 0.0725, 0.0725], (4_000, 3))
    drawn = np.cumsum(steps, axis=1).tolist()
    wrong = sum(any(verdict.of_test(nam_blackwelder(*table)) == "reached" for table in tables) for tables in drawn)
    assert wrong / len(drawn) <= 0.05 + 0.007


def test_looks_are_where_they_were_planned():
    assert [verdict.last_look(n) for n in (0, 99, 100, 399, 400, 9_999)] == [None, None, 100, 200, 400, 400]
    assert [verdict.next_look(n) for n in (0, 99, 100, 399, 400, 9_999)] == [100, 100, 200, 400, None, None]
    assert [verdict.next_size(n) for n in (0, 99, 100, 199, 200, 799, 800)] == [100, 100, 200, 200, 400, 800, 1600]

"""Time and counters are shared by what runs at the same time: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.power.sharing import COUNTED, NS_IN_S, Share, Sharing, Stretch

AMOUNT = st.integers(0, 10**15)


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.booleans(),  # one begins, or one of those that run ends
            st.integers(0, 10),
            st.integers(-(10**9), 10**13),
            st.fixed_dictionaries({each: AMOUNT for each in COUNTED}),
        ),
        max_size=40,
    )
)
def test_the_shares_are_together_what_passed_while_anything_ran(steps: list) -> None:
    sharing = Sharing()
    running: list[int] = []
    shares: list[Share] = []
    passed = dict.fromkeys(("ns", *COUNTED), 0)

    def pass_by(elapsed: int, used: dict) -> None:
        sharing.pass_by(Stretch(elapsed, used))
        if running:
            passed["ns"] += max(0, elapsed)  # a clock that went backwards took no time
            for what, amount in used.items():
                passed[what] += amount

    for number, (begins, which, elapsed, used) in enumerate(steps):
        pass_by(elapsed, used)
        if begins or not running:
            sharing.begin(number)
            running.append(number)
        else:
            shares.append(sharing.end(running.pop(which % len(running))))
    for number in running:
        shares.append(sharing.end(number))
    assert sum(each.busy_ns for each in shares) == passed["ns"]
    for what in COUNTED:
        assert sum(each.used[what] for each in shares) == passed[what]
    for each in shares:
        assert 0 <= each.busy_ns <= each.wall_ns
        assert all(amount >= 0 for amount in each.used.values())


def test_two_that_run_together_share_what_passes_and_each_has_alone_what_is_its_own():
    sharing = Sharing()
    sharing.begin(1)
    sharing.pass_by(Stretch(10, {"rapl": 100}))
    sharing.begin(2)
    sharing.pass_by(Stretch(20, {"rapl": 60}))
    first = sharing.end(1)
    sharing.pass_by(Stretch(5, {"rapl": 7}))
    second = sharing.end(2)
    assert (first.busy_ns, first.wall_ns, first.used) == (20, 30, {"rapl": 130})
    assert (second.busy_ns, second.wall_ns, second.used) == (15, 25, {"rapl": 37})


@pytest.mark.parametrize("used", [{}, {"rapl": -1}])
def test_a_counter_that_could_not_be_read_once_tells_nothing_of_what_ran_then(used: dict):
    sharing = Sharing()
    sharing.begin(1)
    sharing.pass_by(Stretch(10, used))
    sharing.begin(2)
    sharing.pass_by(Stretch(10, {"rapl": 50}))
    assert sharing.end(1).used == {}
    assert sharing.end(2).used == {"rapl": 25}


def test_what_the_idle_computer_takes_is_learned_from_the_quietest_long_pause():
    sharing = Sharing()
    sharing.pass_by(Stretch(4 * NS_IN_S, {"rapl": 1}))  # too short to have come to rest
    assert sharing.idle() == {}
    for watts in (9, 5, 7):
        sharing.pass_by(Stretch(10 * NS_IN_S, {"rapl": watts * 10_000_000}))
    assert sharing.idle() == {"rapl": 5_000_000}
    sharing.begin(1)
    sharing.pass_by(Stretch(10 * NS_IN_S, {"rapl": 1_000}))  # that was work
    sharing.end(1)
    for _ in range(5):  # the season has changed
        sharing.pass_by(Stretch(10 * NS_IN_S, {"rapl": 80_000_000}))
    assert sharing.idle() == {"rapl": 8_000_000}

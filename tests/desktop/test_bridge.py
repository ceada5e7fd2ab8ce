"""The crossing between the threads: order kept, words merged, early wishes not lost."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from desktop.bridge import Bridge, merged
from engine.compare_events import PaneGrew, PaneProgress
from engine.events import AnswerGrew, AnswerProgress, MemoryMeasured
from engine.intents import StopReply
from engine.records import RequestId

FIRST, SECOND = RequestId("first"), RequestId("second")
events = st.lists(
    st.one_of(
        st.builds(AnswerGrew, st.sampled_from([FIRST, SECOND]), st.text(max_size=5)),
        st.builds(AnswerProgress, st.sampled_from([FIRST, SECOND]), st.sampled_from(["reading", "writing"]), st.integers(0, 9)),
        st.builds(MemoryMeasured, st.integers(0, 9), st.just(10)),
    )
)


@given(events)
def test_merging_keeps_every_word_of_every_answer_in_order(happened):
    for request in (FIRST, SECOND):
        before = "".join(each.text for each in happened if isinstance(each, AnswerGrew) and each.request == request)
        after = "".join(each.text for each in merged(happened) if isinstance(each, AnswerGrew) and each.request == request)
        assert after == before


@given(events)
def test_merging_never_moves_words_past_another_event(happened):
    kinds = [type(each) for each in merged(happened)]
    shortened = [kind for place, kind in enumerate(map(type, happened)) if place == 0 or kind is not type(happened[place - 1])]
    assert [kind for place, kind in enumerate(kinds) if place == 0 or kind != kinds[place - 1]] == shortened


panes = st.lists(
    st.one_of(
        st.builds(PaneGrew, st.sampled_from([FIRST, SECOND]), st.integers(0, 2), st.text(max_size=5)),
        st.builds(PaneProgress, st.just(FIRST), st.integers(0, 1), st.sampled_from(["reading", "writing"]), st.integers(0, 9)),
        st.builds(MemoryMeasured, st.integers(0, 9), st.just(10)),
    )
)


def words_between_others(happened, request, pane):
    """What a pane says, cut where something else than words of panes happened."""
    parts = [""]
    for each in happened:
        if not isinstance(each, PaneGrew):
            parts.append("")
        elif (each.request, each.pane) == (request, pane):
            parts[-1] += each.text
    return [part for part in parts if part]


@given(panes)
def test_panes_that_write_side_by_side_are_each_merged_and_none_past_another_event(happened):
    after = merged(happened)
    for request in (FIRST, SECOND):
        for pane in range(3):
            assert words_between_others(after, request, pane) == words_between_others(happened, request, pane)
    for place, event in enumerate(after):
        if isinstance(event, PaneGrew) and place:
            before = words_only(after[:place])
            assert (event.request, event.pane) not in [(each.request, each.pane) for each in before]


def words_only(events):
    """The words of panes at the end of these events."""
    kept = []
    for each in reversed(events):
        if not isinstance(each, PaneGrew):
            break
        kept.append(each)
    return kept


class EngineThatStartsSlowly:
    def __init__(self):
        self.taken = []
        self.closed = False
        self.may_start = threading.Event()

    def start(self):
        self.may_start.wait(5)

    def submit(self, intent):
        self.taken.append(intent)

    def close(self):
        self.closed = True


def test_wishes_before_the_engine_is_up_are_kept_in_order(qtbot):
    engine, bridge = EngineThatStartsSlowly(), Bridge()
    bridge.start_engine(lambda: engine)
    bridge.submit(StopReply(FIRST))
    bridge.submit(StopReply(SECOND))
    assert engine.taken == []
    engine.may_start.set()
    bridge.close_engine(5)
    assert [each.request for each in engine.taken] == [FIRST, SECOND]
    assert engine.closed


def test_events_of_another_thread_arrive_on_qts_thread(qtbot):
    bridge, seen = Bridge(), []
    bridge.happened.connect(lambda event: seen.append((event, threading.current_thread())))
    sender = threading.Thread(target=lambda: [bridge.receive(AnswerGrew(FIRST, letter)) for letter in "abc"])
    sender.start()
    sender.join()
    qtbot.waitUntil(lambda: bool(seen), timeout=2000)
    assert "".join(event.text for event, _ in seen) == "abc"
    assert {thread for _, thread in seen} == {threading.main_thread()}


def test_an_engine_that_cannot_start_is_said_and_does_not_hold_up_closing(qtbot):
    bridge, seen = Bridge(), []
    bridge.happened.connect(seen.append)

    def broken():
        raise OSError("no library")

    bridge.start_engine(broken)
    qtbot.waitUntil(lambda: bool(seen), timeout=2000)
    assert seen[0].error.what == "OSError"
    bridge.close_engine(5)

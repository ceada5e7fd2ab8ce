"""An answer made of given texts holds nothing else, in their order, each once."""

from hypothesis import given
from hypothesis import strategies as st

from engine.inference.choices import Choices

END, SEPARATOR = 0, 1
texts = st.lists(st.lists(st.integers(2, 6), min_size=1, max_size=5).map(tuple), min_size=1, max_size=6, unique=True)


def play(choices, draw):
    written = []
    while True:
        allowed = choices.allowed()
        assert allowed and len(set(allowed)) == len(allowed)
        token = draw(st.sampled_from(allowed))
        choices.take(token)
        if token == END:
            assert choices.allowed() == []
            return written
        written.append(token)


@given(texts, st.integers(1, 3), st.data())
def test_every_answer_is_some_of_the_texts_in_order(given_texts, most, data):
    choices = Choices(given_texts, [(SEPARATOR, *text) for text in given_texts], end=END, most=most)
    written = play(choices, data.draw)
    parts = []
    for token in written:
        if token == SEPARATOR or not parts:
            parts.append([])
        if token != SEPARATOR:
            parts[-1].append(token)
    places = [given_texts.index(tuple(part)) for part in parts]
    assert 1 <= len(places) <= most
    assert places == sorted(set(places))


def test_every_text_can_be_chosen_alone_even_one_that_begins_another():
    short, long = (2, 3), (2, 3, 4)
    for wanted in (short, long):
        choices = Choices([short, long], [(1, *short), (1, *long)], end=END, most=1)
        for token in wanted:
            assert token in choices.allowed()
            choices.take(token)
        assert END in choices.allowed()

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store.word_query import MOST_WORDS, full_text_query, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What is the penalty for late delivery?", ["penalty", "late", "delivery"]),
        ("Wie hoch ist die Vertragsstrafe für Verzug?", ["hoch", "vertragsstrafe", "verzug"]),
        ("Quelle est la clause pénale ?", ["clause", "pénale"]),
        ("Clause 12.3(b): 2,5 % of EUR 1.000", ["clause", "12", "3", "b", "2", "5", "eur", "1", "000"]),
        ("penalty Penalty PENALTY", ["penalty"]),
        ("snake_case and hyphen-ated", ["snake", "case", "hyphen", "ated"]),
        ("Straße", ["straße"]),
        ("u\u0308ber Ma\u0308ngel", ["mängel"]),
        ("", []),
        ("?! – ☃", []),
    ],
)
def test_telling_words_are_kept(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_question_of_stop_words_alone_is_searched_as_it_is() -> None:
    assert words_of("who is it") == ["who", "is", "it"]


def test_a_word_is_idle_only_in_the_language_of_the_question() -> None:
    assert "war" in words_of("What is the war exclusion?")
    assert "war" not in words_of("Wann war die Lieferung?")
    assert "die" in words_of("When did the owner die?")


@pytest.mark.parametrize("word", ["not", "nicht", "kein", "except", "must", "shall", "sans", "avant", "before"])
def test_what_turns_a_clause_around_is_never_idle(word: str) -> None:
    assert word in words_of(f"the seller {word} deliver")


@given(st.text(st.characters(exclude_categories=[])))
def test_a_query_is_quoted_words_and_nothing_else(text: str) -> None:
    query = full_text_query(text)
    if query is None:
        assert words_of(text) == []
        return
    words = query.split(" OR ")
    assert len(words) <= MOST_WORDS
    for word in words:
        assert word[0] == word[-1] == '"' and word[1:-1].isalnum()

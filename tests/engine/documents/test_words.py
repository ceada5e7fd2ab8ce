"""Which words say the same: numbers, dates and amounts by value, other words by their stem."""

from __future__ import annotations

import pytest

from engine.documents.normalise import normalise
from engine.documents.words import Word, words_of


def words(text: str) -> list[Word]:
    return words_of(normalise(text).text)


def keys(text: str) -> list[str]:
    return [word.key for word in words(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,000", "1000"),
        ("1,000.50", "1.000,50"),
        ("1.234.567", "1,234,567"),
        ("six", "6"),
        ("six (6) months", "6 months"),
        ("twenty-four", "24"),
        ("drei", "3"),
        ("29 September 2025", "September 29, 2025"),
        ("29th of September 2025", "29. September 2025"),
        ("2025-09-29", "29.09.2025"),
        ("29 septembre 2025", "2025-09-29"),
        ("3 May", "May 3"),
        ("5 %", "five per cent"),
        ("5%", "5 percent"),
        ("5 Prozent", "5 pour cent"),
        ("EUR 1,000.00", "€1000"),
        ("1000 euros", "1.000,00 EUR"),
        ("$5", "USD 5"),
        ("cannot", "can not"),
        ("don't", "do not"),
        ("repairs", "repaired"),
        ("companies", "company"),
        ("landlord's", "landlord"),
        ("shall", "must"),
        ("e.g.", "eg"),
        ("the file.3 then", "the file then"),  # a footnote mark
    ],
)
def test_two_ways_to_write_it_are_equal(one, other):
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.000", "1000"),  # could be one
        ("1.5", "15"),
        ("3.10", "3.1"),  # a section
        ("-5", "5"),
        ("5", "5 %"),
        ("EUR 5", "USD 5"),
        ("EUR 5", "5"),
        ("03/04/2025", "04/03/2025"),
        ("29 September 2025", "29 September 2024"),
        ("29 September 2025", "29 September"),
        ("10-12", "10-13"),
        ("lessor", "lessee"),
        ("employer", "employee"),
        ("may", "must"),
        ("can", "cannot"),
        ("universe", "university"),
        ("a@example.com", "b@example.com"),
        ("v1.2", "v1.3"),
        ("python3.11", "python3.1"),
    ],
)
def test_what_differs_stays_different(one, other):
    assert keys(one) != keys(other)


def test_words_keep_their_places():
    text = normalise("On 29 September 2025, six (6) men paid EUR 5.").text
    assert [text[word.start : word.end] for word in words_of(text)] == [
        "on",
        "29 september 2025",
        "six (6",
        "men",
        "paid",
        "eur 5",
    ]


def test_natures():
    found = {word.text: word for word in words("The rent shall not be promptly paid to 5 men; paid up, it is due.")}
    assert found["rent"].is_light is found["rent"].is_guarded is False
    assert found["the"].is_light
    assert found["not"].is_guarded
    assert found["shall"].is_guarded
    assert found["5"].is_number
    assert found["5"].is_guarded
    assert [word.is_passive for word in words("it is not promptly paid")] == [False, False, False, False, True]
    assert not any(word.is_passive for word in words("it paid and it is due"))
    assert [word.text for word in words("If late, the tenant, too") if word.after_comma] == ["the", "too"]


@pytest.mark.parametrize(
    "hostile",
    [
        "n't",
        "n't n't",
        "'s",
        "%",
        "$ 5",
        ".",
        "",
        "1," * 5_000,
        "a." * 5_000,
        "_" * 10_000,
        "-" * 10_000,
        "@" * 10_000,
        "a'" * 5_000,
    ],
)
def test_hostile_text_is_read(hostile):
    found = words(hostile)
    assert all(word.start < word.end for word in found)

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compare_records import HiddenDetail
from engine.hiding.leaks import body_leaks, leaks
from engine.hiding.table import Table
from tests.engine.hiding.texts import texts

ANNA = HiddenDetail("[Person 1]", "person", "Anna Harlow")
OTHERS = (
    HiddenDetail("[Phone 1]", "phone", "020 7946 0991"),
    HiddenDetail("[Account 1]", "account", "DE89 3704 0044 0532 0130 00"),
    HiddenDetail("[Reference 1]", "reference", "GR/2291-A"),
    HiddenDetail("[Birth date 1]", "birth_date", "3 April 1969"),
    HiddenDetail("[Address 1]", "address", "14 Larch Road, Leeds LS6 2AB"),
    HiddenDetail("[Email 1]", "email", "a.harlow@brent-estates.co.uk"),
    HiddenDetail("[Organisation 1]", "organisation", "Brent Estates Ltd"),
    HiddenDetail("[Person 2]", "person", "Jörg Müller"),
)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Anna Harlow", "as_is"),
        ("anna   harlow", "as_is"),
        ("ANNA\nHARLOW", "as_is"),
        ("Ann\u00ada Har\u200blow", "as_is"),
        ("\u202eAnna\u202c Harlow", "as_is"),
        ("\u0410nn\u0430 \u041darlow", "as_is"),  # Cyrillic letters
        ("\uff21\uff4e\uff4e\uff41 Harlow", "as_is"),
        ("Ánnä Hàrlow", "as_is"),
        ("Harlow, Anna", "as_is"),
        ("Har-\nlow", "part"),
        ("Mrs Harlow's", "part"),
        ("Harlow", "part"),
        ("anna", "part"),
        ("A. Harlow", "part"),
        ("file_harlow_2.pdf", "part"),
        ("AnnaHarlow", "joined"),
        ("xannaharlow99", "joined"),
        ("H a r l o w", "spelled"),
        ("H.A.R.L.O.W", "spelled"),
        ("wolraH annA", "reversed"),
        ("wolrah", "reversed"),
        ("&#65;nna &#x48;arlow", "encoded"),
        (quote("Änna Harlow").replace("%C3%84", "%41"), "encoded"),
        ("%2541nna%2520%2548arlow", "encoded"),
        ("\\u0041nna \\u0048arlow", "encoded"),
        ("=41nna =48arlow", "encoded"),
        (base64.b64encode(b"signed by Anna Harlow today").decode(), "encoded"),
        (base64.b64encode("Anna Harlow".encode("utf-16-le")).decode(), "encoded"),
        (b"Anna Harlow".hex(), "encoded"),
        (b"Anna Harlow".hex(" ").upper(), "encoded"),
    ],
)
def test_every_form_of_a_name_is_seen(written, form):
    text = f"before {written} after"
    found = leaks(text, [ANNA])
    assert found, written
    assert form in {each.form for each in found}
    assert {each.placeholder for each in found} == {"[Person 1]"}
    assert any(text[each.start : each.end].strip() in written for each in found)


@pytest.mark.parametrize(
    "written",
    [
        "(020) 79460991", "+44 20 7946 0991", "0044-20-7946-0991", "020.7946.0991", "DE89370400440532013000", "Konto 532013000",
        "gr 2291 a", "GR2291A",
        "03/04/1969", "3.4.1969", "1969-04-03", "April 3rd, 1969", "3. april 1969", "14 larch rd", "Larch Road", "ls62ab",
        "a.harlow at brent-estates dot co dot uk",
        "brent-estates.co.uk", "Brent Estates", "BRENT-ESTATES", "Joerg Mueller", "Jorg Muller", "Müllers",
    ],
)  # fmt: skip
def test_other_details_are_seen_however_they_are_written(written):
    assert leaks(f"before {written} after", OTHERS)


@pytest.mark.parametrize(
    "text",
    [
        "[Person 1] wrote to [Person 2].",
        "Hannah and Annabel",
        "Harlowton is a town",
        "3 April 1970",
        "14 Larch Lane in Leeds",
        "GR/22910",
        "2291 pounds",
        "",
    ],
)
def test_what_is_not_said_is_no_leak(text):
    assert leaks(text, (ANNA, *OTHERS)) == ()


def body(text: str, model: str = "m") -> bytes:
    message = {"role": "user", "content": text}
    return json.dumps({"model": model, "max_tokens": 900, "messages": [message]}, ensure_ascii=False).encode()


def test_a_whole_body_is_looked_through_but_not_for_its_own_words():
    people = [HiddenDetail("[Person 1]", "person", "Max Claude"), ANNA]
    assert body_leaks(body("[Person 1] wrote", "claude-sonnet-4.5"), people, ["claude-sonnet-4.5"]) == ()
    assert body_leaks(body("[Person 1] wrote", "claude-sonnet-4.5"), people) != ()
    assert body_leaks(body("max rent"), people) != ()
    assert [each.form for each in body_leaks(body("\nAnna Harlow"), people)] == ["as_is"]
    assert body_leaks(b"\xff{Anna Harlow", people) != ()
    assert body_leaks(json.dumps({"metadata": {"Anna Harlow": 1}}).encode(), people) != ()
    assert body_leaks(json.dumps({"user": 2079460991}).encode(), OTHERS) != ()
    assert body_leaks(b"[" * 100_000, people) == ()


def test_what_is_shown_is_no_leak():
    assert leaks("Anna Harlow", [HiddenDetail("[Person 1]", "person", "Anna Harlow", is_hidden=False)]) == ()


@settings(deadline=None, max_examples=100)
@given(texts, st.sampled_from([ANNA, *OTHERS]), texts)
def test_a_detail_is_seen_wherever_it_stands(before, detail, after):
    assert leaks(f"{before} {detail.original} {after}", [detail])


def test_many_details_in_a_long_text_are_looked_for_at_once():
    given = [
        f"Person{chr(97 + one)}{chr(97 + two)} Surname{chr(97 + two)}{chr(97 + one)}" for one in range(26) for two in range(26)
    ]
    details = [HiddenDetail(f"[Person {number}]", "person", name) for number, name in enumerate(given, 1)]
    text = "a quiet sentence about nothing. " * 3_000
    assert leaks(text, details) == ()
    assert {each.placeholder for each in Table(details).leaks(text + given[77])} == {"[Person 78]"}

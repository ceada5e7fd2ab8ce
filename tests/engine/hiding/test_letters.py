"""How much is hidden, and how much too much, on letters in which the details are marked.

The unseen letters were written after the rules. Measured before any rule was changed for them, 0.91 of their people were
hidden: that is nearer to what a letter of somebody else can expect than the floors below, which only hold what was reached.
"""

from __future__ import annotations

import pytest

from engine.hiding.table import Table
from tests.engine.hiding.labelled_letters import letters, measured


@pytest.fixture(scope="module", params=["known", "unseen"])
def figures(request):
    return measured(request.param)


def test_there_is_enough_to_measure(figures):
    assert figures.marked["person"] >= 50
    assert figures.n_words >= 500


def test_people_are_hidden(figures):
    assert figures.recall("person") >= 0.95, figures.missed


def test_whatever_leads_to_people_is_hidden(figures):
    assert figures.recall("email", "phone", "account", "reference", "birth_date", "address") >= 0.98, figures.missed


def test_organisations_are_hidden(figures):
    assert figures.recall("organisation") >= 0.9, figures.missed


def test_other_words_stay_readable(figures):
    assert figures.over_hiding <= 0.01, figures.too_much


@pytest.mark.parametrize("letter", [*letters("known"), *letters("unseen")], ids=lambda letter: letter.name)
def test_nothing_hidden_can_be_read_and_everything_comes_back(letter):
    table = Table().learn([letter.text])
    hidden = table.hide(letter.text)
    assert table.leaks(hidden.text) == ()
    assert hidden.original == letter.text
    assert table.hide(hidden.text).text == hidden.text
    assert table.learn([letter.text]) == table


def test_a_complaint_becomes_what_the_consent_sheet_shows():
    (letter,) = [each for each in letters("known") if each.name == "en-complaint"]
    table = Table().learn([letter.text])
    kinds = sorted(each.kind for each in table.details)
    assert kinds == ["address", "person", "person", "person", "phone", "reference"]
    hidden = table.hide(letter.text)
    assert hidden.text.endswith(
        "Dear [Person 1], I rent [Address 1] and I am writing on 12 September about a repair. I first phoned on 3 June and "
        "spoke to"
        " [Person 2]. Visits on 17 June and 8 July were missed. The work was done on 29 August. I can be reached on [Phone "
        "1] and my"
        " tenancy number is [Reference 1]. I would like an apology and a refund. [Person 3]\n"
    )
    assert table.restore(hidden.text).text == letter.text

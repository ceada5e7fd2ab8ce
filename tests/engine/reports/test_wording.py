"""Every caveat, use and method has words, and no sentence keeps a place that was not filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from engine.ledger_records import EnergyMethod, RatioSource, Use, WorkloadId
from engine.reports import wording
from engine.reports.explained import explained
from engine.statement_records import BreakEvenState, Caveat, Role
from tests.engine.reports import pages


def test_everything_that_can_be_said_has_words() -> None:
    for words, kind in (
        (wording.CAVEATS, Caveat), (wording.ROLES, Role), (wording.METHODS, EnergyMethod), (wording.RATIOS, RatioSource),
        (wording.LEFT_OUT, Use),
    ):  # fmt: skip
        assert set(words) == set(get_args(kind)) and all(words.values())
    assert set(pages.CAVEATS) == set(get_args(Caveat))


@pytest.mark.parametrize("page", [pages.page(), pages.empty(), pages.loss(), pages.unpriced(), pages.crowded()])
def test_how_it_was_worked_out_names_the_month_s_own_figures(page: object) -> None:
    sections = dict(explained(page))  # type: ignore[arg-type]
    said = " ".join(text for texts in sections.values() for text in texts)
    assert "{" not in said and "None" not in said
    assert all(texts and all(texts) for texts in sections.values())


def test_the_subtraction_and_its_parts_are_in_it() -> None:
    sections = dict(explained(pages.page()))
    assert "€438.20 − €9.84 − €58.33 = €370.03" in sections["Net saving"][0]
    assert "1.29 (1.19 to 1.38), counted on your own comparisons" in sections["API price avoided"][2]
    assert "$2.00 read and $10.00 written" in sections["API price avoided"][2]
    assert sections["Hardware share"][0].startswith("€2,800.00 ÷ 48 months × 100% = €58.33")
    assert "One dollar is 0.920000000 EUR" in sections["Currency and prices"][1]
    assert "31 done again, 4 stopped, 214 made to compare" in sections["Left out"][0]


def test_a_loss_is_not_called_a_saving() -> None:
    assert wording.heading(pages.loss().statement) == "More than the API in September 2026"
    running = replace(pages.page().statement, is_running=True)
    assert wording.heading(running) == "Saved in September 2026 so far"


def test_names_of_work_that_is_always_there_or_is_there_no_more() -> None:
    assert wording.workload(WorkloadId("ask"), "") == "Questions on documents"
    assert wording.workload(WorkloadId("gone"), "") == wording.DELETED and wording.workload(WorkloadId("w"), "Mine") == "Mine"
    assert (wording.scope("", ""), wording.scope("provider:x", ""), wording.scope("provider:x", "X")) == (
        "All remote models",
        "x",
        "X",
    )


@pytest.mark.parametrize("state", get_args(BreakEvenState))
def test_when_the_computer_pays_for_itself_is_one_sentence(state: BreakEvenState) -> None:
    of = replace(pages.page().break_even, state=state)
    said = wording.break_even(of, pages.EURO)
    assert ("€2,800.00" in said) == (state != "no_hardware") and said.count(".") == said.count("€2,800.00") * 2
    if state == "likely":
        assert "in February 2027 (range: January 2027 to April 2027)" in said
        open_ended = wording.break_even(replace(of, reached=None, latest=None), pages.EURO)
        assert "in more than ten years" in open_ended and "later than in ten years" in open_ended

from __future__ import annotations

import pytest

from engine.csv_cells import cell


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize("text", ["=1+1", " =1", "\ufeff=1", "\u200b+1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)"])
def test_what_a_spreadsheet_could_run_is_said_to_be_text(text: str, lines: bool) -> None:
    assert cell(text, lines=lines) == f"'{text}"


@pytest.mark.parametrize("text", ["1 + 1 = 2", "a=b", "", "'=1", "a\uff1d"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert cell(text) == text

"""Names in letters that only look like Latin ones: what a person can read, the other side can read too."""

from __future__ import annotations

import pytest

from engine.hiding.table import Table

TABLE = Table().learn(["Mrs Anna Harlow called."])


@pytest.mark.parametrize("name", ["ᴀɴɴᴀ ʜᴀʀʟᴏᴡ", "\u2c6dnn\u0251 H\u0251rlow", "A\u0578\u0578a H\u0430r\u04cfow"])
def test_a_name_in_letters_that_look_like_others_is_hidden(name: str) -> None:
    hidden = TABLE.hide(f"We met {name} today.").text
    assert hidden == "We met [Person 1] today."
    assert TABLE.leaks(f"We met {name} today.")

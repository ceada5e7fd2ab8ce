"""What a remote model can write to make putting originals back slow. It does so on the loop that everything else waits for."""

from __future__ import annotations

import time

import pytest

from engine.hiding.table import Table

TABLE = Table().learn(["Mrs Anna Harlow met Mr Peter Baker."])


@pytest.mark.parametrize("piece", ["[", "<", "{{", "[per", "(a", "[Person ", "[***"])
def test_what_only_begins_like_a_placeholder_takes_no_time(piece: str) -> None:
    text = piece * (200_000 // len(piece)) + " [Person 1]"
    began = time.process_time()
    restored = TABLE.restore(text)
    assert time.process_time() - began < 2.5  # "[" took twice that, and a model can write twenty times as much
    assert restored.text == text.replace("[Person 1]", "Anna Harlow")

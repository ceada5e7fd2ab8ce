"""An answer that grows: blocks that no later text can change are parsed once, only the open tail again.

Pure. Knows the Markdown parser, nothing of citations, time or Qt.
"""

from __future__ import annotations

from desktop.viewmodels.answer_blocks import Block
from desktop.viewmodels.answer_markdown import Parse, cleaned


class GrowingAnswer:
    """Feed it the whole text so far; the blocks are those of `blocks_of` at any moment."""

    def __init__(self) -> None:
        self._closed: list[Block] = []
        self._closed_text = ""

    def show(self, raw: str) -> tuple[Block, ...]:
        """The blocks of `raw`. Quick where it continues what was shown before, right in any case."""
        text = cleaned(raw)
        if not text.startswith(self._closed_text):
            self._closed, self._closed_text = [], ""
        tail = Parse(text, len(self._closed_text))
        start = tail.last_block_start()
        closed, still_open = tail.split(start)
        self._closed += closed
        self._closed_text = text[:start]
        return (*self._closed, *still_open)

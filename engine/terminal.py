"""Text for a terminal: without anything that would act on it. Knows nothing of what is said."""

from __future__ import annotations

import json
import re
from typing import Any

# Controls of terminals, reversed writing, halves of characters: what documents and models say must not act on a terminal.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def json_text(value: Any) -> str:
    """A value as JSON that a terminal can show: what would act on it is written as an escape, which means the same."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False, indent=2))


def shown(text: str) -> str:
    """`text` without what would act on a terminal."""
    return _ACTING.sub("\ufffd", text)

"""The shapes that wording comes in: a failure's four parts, and a status with its tone and icon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Tone = Literal["local", "outbound", "caution", "danger", "neutral"]


@dataclass(frozen=True)
class Words:
    """A failure in the order in which it is read.

    `summary` is one short sentence for places with room for one. `actions` are keys of what the view
    may offer: choose_model, settings, read_again, password, try_again, remove, quit, passphrase, memory,
    open_lock, privacy, token.
    """

    title: str
    happened: str
    kept: str
    to_do: str
    summary: str = ""
    icon: str = "circle-alert"
    tone: Tone = "danger"
    actions: tuple[str, ...] = ()
    details: str = ""

    def with_details(self, kind: str, facts: Mapping[str, object]) -> Words:
        """Add what an administrator needs: the kind and its facts, one a line."""
        lines = [kind, *(f"{name}: {value}" for name, value in facts.items() if value not in ("", None))]
        return replace(self, details="\n".join(lines))

    @property
    def line(self) -> str:
        """Title and first thing to do in one line, for a notice."""
        title = self.title if self.title.endswith((".", "?")) else f"{self.title}."
        return f"{title} {self.to_do}".strip()


@dataclass(frozen=True)
class StatusWords:
    """A state in a word or two, with tone and icon, which always come together."""

    text: str
    tone: Tone
    icon: str

"""One request's tokens on their way through the model.

Pure integers. Knows nothing of text, slots' contents, processes or time; the scheduler moves it from
waiting (no slot) to prefill (part of its tokens computed) to decode (all but the newest token computed).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Priority = Literal["interactive", "batch"]


@dataclass(eq=False)
class Sequence:
    """`prompt` and what was generated after it; `n_computed` of these tokens are in the KV cache of `slot`.

    `order` counts submissions. `max_tokens` is what may be generated at most, already limited by the context.
    """

    request: str
    prompt: list[int]
    max_tokens: int
    priority: Priority = "interactive"
    order: int = 0
    slot: int | None = None
    n_computed: int = 0
    n_cached: int = 0  # prompt tokens that were found in the KV cache when it was first placed
    generated: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._tokens = list(self.prompt)

    def __len__(self) -> int:
        return len(self._tokens)

    @property
    def tokens(self) -> list[int]:
        """Prompt and generated tokens in one list; not to be changed by the caller."""
        return self._tokens

    @property
    def n_at_most(self) -> int:
        """Places in the KV cache it can come to need; the last generated token is never computed."""
        return len(self.prompt) + self.max_tokens - 1

    @property
    def is_decoding(self) -> bool:
        """Only the newest token is left to compute, and it was generated rather than given."""
        return bool(self.generated) and self.n_computed == len(self._tokens) - 1

    @property
    def n_to_compute(self) -> int:
        return len(self._tokens) - self.n_computed

    @property
    def rank(self) -> tuple[bool, int]:
        """Sorts interactive before batch, then by age."""
        return (self.priority != "interactive", self.order)

    def next_tokens(self, at_most: int) -> list[int]:
        """The next tokens to compute, in order; as many steps as it takes get about equally many each."""
        return self._tokens[self.n_computed : self.n_computed + even_chunk(self.n_to_compute, at_most)]

    def append(self, token: int) -> None:
        """Take in a generated token; it is computed in the next step."""
        self.generated.append(token)
        self._tokens.append(token)


def even_chunk(n_left: int, at_most: int, grain: int = 32) -> int:
    """How many of `n_left` tokens to take, so that no small rest is left for the end: small batches cost more a token."""
    n_steps = max(1, -(-n_left // at_most))
    even = -(-n_left // n_steps)
    return min(at_most, -(-even // grain) * grain)

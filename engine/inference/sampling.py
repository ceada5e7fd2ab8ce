"""Choosing the next token, in C: llama.cpp's samplers in a chain, one chain for each request.

Knows nothing of text and of stop words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.inference.context import Context
from engine.inference.llama import api
from engine.inference.vocabulary import Vocabulary


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen. `temperature` 0 is greedy. `seed` None: another one each time.

    `breaks_loops` holds down a token that would continue a word-for-word repetition of at least LOOP_LENGTH tokens
    of the answer itself. Shorter repetitions (names, figures, quoted phrases) and everything in the prompt are left
    alone, so an answer that does not run in circles is exactly what it would be without. A plain `repeat_penalty`
    (1.0 is none) breaks loops sooner, but also spoils lists and tables, where the same number may rightly come twice.
    """

    temperature: float = 0.0
    top_p: float = 0.95
    top_k: int = 40
    seed: int | None = None
    repeat_penalty: float = 1.0
    breaks_loops: bool = True


LOOP_LENGTH = 10  # tokens; names and amounts in contracts are shorter
LOOP_MEMORY = 1024  # tokens of the answer that are remembered
LOOP_PENALTY, LOOP_GROWTH = 2.0, 1.75  # taken off the logit, and times this for each token the repetition is longer
REPEAT_MEMORY = 64


class Sampler:
    """A chain of llama.cpp's samplers; remembers what it sampled. Close it.

    Looking for loops costs as much as all other sampling, so a greedy sampler has a second chain for it that is made
    and used only after the answer's last LOOP_LENGTH tokens have been said before, which is when it can matter.
    """

    def __init__(self, vocabulary: Vocabulary, sampling: Sampling) -> None:
        self._vocabulary, self._sampling = vocabulary, sampling
        self._waits_for_loops = sampling.breaks_loops and sampling.temperature <= 0
        self._chain = _chain(_links(vocabulary, sampling, breaks_loops=sampling.breaks_loops and not self._waits_for_loops))
        self._careful: Any = None
        self._said: list[int] = []
        self._runs: set[tuple[int, ...]] = set()
        self._repeats = False

    def sample(self, context: Context, place: int) -> int:
        """The next token after the output at `place` of the last decode."""
        chain, other = self.chain, self._careful if not self._repeats else self._chain
        token = int(api.llama_sampler_sample(chain, context.pointer, place))
        if other:
            api.llama_sampler_accept(other, token)
        self._remember(token)
        return token

    def accept(self, token: int) -> None:
        """Go on as if `token` had been sampled."""
        for chain in (self._chain, self._careful):
            if chain:
                api.llama_sampler_accept(chain, token)
        self._remember(token)

    @property
    def chain(self) -> Any:
        """The chain that will choose the next token."""
        if not self._repeats:
            return self._chain
        if not self._careful:
            self._careful = _chain(_links(self._vocabulary, self._sampling, breaks_loops=True))
            for token in self._said:
                api.llama_sampler_accept(self._careful, token)
        return self._careful

    def close(self) -> None:
        for chain in (self._chain, self._careful):
            if chain:
                api.llama_sampler_free(chain)
        self._chain = self._careful = None

    def _remember(self, token: int) -> None:
        if self._waits_for_loops:
            self._said.append(token)
            run = tuple(self._said[-LOOP_LENGTH:])
            self._repeats = len(run) == LOOP_LENGTH and run in self._runs
            self._runs.add(run)


def _chain(links: Iterator[Callable[[], Any]]) -> Any:
    chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
    for make in links:
        api.llama_sampler_chain_add(chain, make())
    return chain


def _links(vocabulary: Vocabulary, sampling: Sampling, *, breaks_loops: bool) -> Iterator[Callable[[], Any]]:
    if sampling.repeat_penalty != 1.0:
        yield lambda: api.llama_sampler_init_penalties(vocabulary.n_tokens, REPEAT_MEMORY, sampling.repeat_penalty, 0.0, 0.0)
    if breaks_loops:
        yield lambda: api.llama_sampler_init_dry(vocabulary.pointer, LOOP_PENALTY, LOOP_GROWTH, LOOP_LENGTH, LOOP_MEMORY, None, 0)
    if sampling.temperature <= 0:
        yield api.llama_sampler_init_greedy
        return
    yield lambda: api.llama_sampler_init_top_k(sampling.top_k)
    yield lambda: api.llama_sampler_init_top_p(sampling.top_p, 1)
    yield lambda: api.llama_sampler_init_temp(sampling.temperature)
    seed = api.LLAMA_DEFAULT_SEED if sampling.seed is None else sampling.seed & 0xFFFFFFFF
    yield lambda: api.llama_sampler_init_dist(seed)

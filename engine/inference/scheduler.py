"""Continuous batching: which sequence is placed, prefilled, decoded or finished in the next step.

Pure: integers in, a plan out. Knows nothing of llama.cpp, of text, of processes or of time. A *step* is one call of
llama_decode. A *slot* is a place in the KV cache; a *sequence* is one request's tokens.

Order of things: decoding sequences get one token each in every step, what is left of the budget goes to prefill,
oldest first. Interactive work is planned alone while there is any: on a processor every further sequence in a step
slows the others down, and batch work can wait for the seconds that an answer takes. Where an interactive request
finds no room, the youngest batch sequence gives its slot back and is continued later. A request whose beginning is
just being computed for another one waits for that beginning and copies it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.errors import PromptTooLong
from engine.inference.sequence import Priority, Sequence
from engine.inference.slots import Edit, Slots, common_prefix
from engine.records import StopReason


@dataclass(frozen=True)
class Part:
    """Tokens of one sequence for the next step; `wants_token`: a token is sampled after the last of them."""

    sequence: Sequence
    slot: int
    start: int
    tokens: list[int]
    wants_token: bool


@dataclass(frozen=True)
class Sampled:
    """A token that a step produced; `stop_reason` None while the sequence goes on. End tokens are not for showing."""

    sequence: Sequence
    token: int
    is_end: bool
    stop_reason: StopReason | None


class Scheduler:
    """Decides and accounts. The caller applies `admit`'s edits, computes `plan`'s parts, hands the tokens to `account`."""

    def __init__(self, slots: Slots, n_ctx: int, is_end: Callable[[int], bool]) -> None:
        self.slots = slots
        self.n_ctx = n_ctx
        self._is_end = is_end
        self._waiting: list[Sequence] = []
        self._running: list[Sequence] = []
        self._n_submitted = 0
        self._look_again = False  # something changed that may let a waiting sequence in

    @property
    def is_idle(self) -> bool:
        return not self._waiting and not self._running

    @property
    def running(self) -> list[Sequence]:
        return list(self._running)

    # ------------------------------------------------------------ wishes
    def submit(self, request: str, prompt: list[int], max_tokens: int, priority: Priority = "interactive") -> Sequence:
        """Queue a request. Raises PromptTooLong unless the prompt and one more token fit; `max_tokens` is cut to what fits."""
        if not prompt or len(prompt) + 1 > self.n_ctx:
            raise PromptTooLong(len(prompt), self.n_ctx)
        room = self.n_ctx - len(prompt)
        self._n_submitted += 1
        sequence = Sequence(request, prompt, max(1, min(max_tokens, room)), priority, self._n_submitted)
        self._waiting.append(sequence)
        self._waiting.sort(key=lambda each: each.rank)
        self._look_again = True
        return sequence

    def remove(self, sequence: Sequence) -> None:
        """End a sequence, whatever it is doing; what it computed stays in its slot."""
        self._look_again = True
        if sequence in self._running:
            self._running.remove(sequence)
            self._give_back(sequence)
        elif sequence in self._waiting:
            self._waiting.remove(sequence)

    # ------------------------------------------------------------ decide
    def admit(self) -> list[Edit]:
        """Place as many waiting sequences as there is room for; returns what must be done to the cache, in order."""
        edits: list[Edit] = []
        if not self._look_again:
            return edits
        self._look_again = False
        for sequence in list(self._waiting):
            if self._is_worth_waiting(sequence):
                self._look_again = True
                continue
            if not self._place(sequence, edits):
                break  # in order: a large request is not overtaken for ever by small ones
        return edits

    def start_anew(self, slot: int) -> None:
        """The cache could not keep what it should have in `slot`: its sequence goes back to the queue, from its beginning."""
        for sequence in [each for each in self._running if each.slot == slot]:
            self._put_back(sequence)
        self.slots.forget(slot)

    def plan(self, budget: int, beside: int) -> list[Part]:
        """Choose at most `budget` tokens for the next step, of them at most `beside` for prefill if anything decodes."""
        turn = self._whose_turn()
        decoding = [sequence for sequence in turn if sequence.is_decoding][:budget]
        parts = [self._part(sequence, 1) for sequence in decoding]
        left = budget - len(parts)
        if decoding:
            left = min(left, beside)
        for sequence in turn:
            if left <= 0:
                break
            if not sequence.is_decoding:
                parts.append(self._part(sequence, left))
                left -= len(parts[-1].tokens)
        return parts

    # ------------------------------------------------------------ account
    def account(self, parts: Iterable[Part], tokens: Iterable[int]) -> list[Sampled]:
        """Take in a computed step: `tokens` are those sampled for the parts that wanted one, in order."""
        supply, outcome = iter(tokens), []
        for part in parts:
            sequence = part.sequence
            self.slots.extend(part.slot, part.tokens)
            sequence.n_computed += len(part.tokens)
            if part.wants_token:
                outcome.append(self._take(sequence, next(supply)))
        return outcome

    def _take(self, sequence: Sequence, token: int) -> Sampled:
        is_end = self._is_end(token)
        reason: StopReason | None = None
        sequence.append(token)
        if is_end:
            reason = "end_of_text"
        elif len(sequence.generated) >= sequence.max_tokens:
            reason = "token_limit"
        if reason is not None:
            self.remove(sequence)
        return Sampled(sequence, token, is_end, reason)

    # ------------------------------------------------------------ placing
    def _place(self, sequence: Sequence, edits: list[Edit]) -> bool:
        placement = self.slots.place(sequence.tokens, sequence.n_at_most)
        while placement is None and self._make_way_for(sequence):
            placement = self.slots.place(sequence.tokens, sequence.n_at_most)
        if placement is None:
            return False
        self._waiting.remove(sequence)
        sequence.slot, sequence.n_computed = placement.slot, placement.n_cached
        if not sequence.generated:
            sequence.n_cached = placement.n_cached
        self._running.append(sequence)
        self._running.sort(key=lambda each: each.rank)
        edits.extend(placement.edits)
        return True

    def _make_way_for(self, sequence: Sequence) -> bool:
        """Put the youngest batch sequence back into the queue for an interactive one; its tokens may stay in the cache."""
        if sequence.priority != "interactive" or not self._running or self._running[-1].priority == "interactive":
            return False
        self._put_back(self._running[-1])
        return True

    def _put_back(self, sequence: Sequence) -> None:
        self._running.remove(sequence)
        self._give_back(sequence)
        self._waiting.append(sequence)
        self._waiting.sort(key=lambda each: each.rank)
        self._look_again = True

    def _give_back(self, sequence: Sequence) -> None:
        if sequence.slot is not None:
            self.slots.release(sequence.slot)
        sequence.slot, sequence.n_computed = None, 0

    def _is_worth_waiting(self, sequence: Sequence) -> bool:
        """A sequence before this one is computing more of a common beginning than any slot holds now.

        Waiting costs nothing: prefill goes in order, so this one would not have been read any sooner.
        """
        if not self.slots.can_cut:
            return False  # that sequence will run past the common beginning, and its state cannot be cut back
        ahead = [each for each in self._whose_turn() if not each.is_decoding and each.rank < sequence.rank]
        if not ahead:
            return False
        coming = max(common_prefix(each.tokens, sequence.tokens) for each in ahead)
        return min(coming, len(sequence) - 1) > self.slots.longest_prefix(sequence.tokens)[1]

    def _whose_turn(self) -> list[Sequence]:
        interactive = [sequence for sequence in self._running if sequence.priority == "interactive"]
        return interactive or self._running

    def _part(self, sequence: Sequence, at_most: int) -> Part:
        assert sequence.slot is not None
        tokens = sequence.next_tokens(at_most)
        return Part(sequence, sequence.slot, sequence.n_computed, tokens, len(tokens) == sequence.n_to_compute)

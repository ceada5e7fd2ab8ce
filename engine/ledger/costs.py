"""What tokens cost, and the most that a request can cost. Integers only; rounded once, half to even.

Pure: knows prices a token (pico-dollars) and nothing of where they come from. The results are nano-dollars.
"""

from __future__ import annotations

import unicodedata

from engine.provider_records import Rates, TokenCounts

MILLION = 1_000_000
PICO_IN_NANO = 1_000

#: Room for what a provider puts around the messages of a prompt: marks of roles, beginnings and ends. An assumption.
FRAME_TOKENS = 32


def cost_of(tokens: TokenCounts, rates: Rates, fee_ppm: int = 0) -> int:
    """What these tokens cost with the fee, in nano-dollars. Reasoning is part of what was generated.

    Counts that contradict each other (more cached tokens than the prompt has) count as far as they go together.
    """
    prompt, generated = max(0, tokens.prompt), max(0, tokens.generated)
    cached = min(max(0, tokens.cached), prompt)
    written = min(max(0, tokens.cache_write), prompt - cached)
    pico = (prompt - cached - written) * rates.prompt + cached * rates.cached + written * rates.cache_write
    return _half_even((pico + generated * rates.generated) * (MILLION + fee_ppm), PICO_IN_NANO * MILLION)


def highest_cost(n_prompt_tokens: int, max_tokens: int, rates: Rates, fee_ppm: int = 0) -> int:
    """The most that a request can cost in nano-dollars, rounded up: every token of the prompt at the dearest of its
    prices, and an answer as long as it is allowed to be. `rates` must be those of a prompt of `n_prompt_tokens`.
    """
    dearest = max(rates.prompt, rates.cached, rates.cache_write)
    pico = (n_prompt_tokens * dearest + max_tokens * rates.generated) * (MILLION + fee_ppm)
    return -(-pico // (PICO_IN_NANO * MILLION))


def high_token_estimate(text: str) -> int:
    """More tokens than any vendor's tokenizer makes of a prompt with this text.

    A token stands for at least one byte of UTF-8, in whatever vocabulary, so the bytes are a bound, as the text is
    written or as some tokenizers normalise it (NFKC) first. Ordinary prose has a third to a fifth of it, figures and code
    about a half. Counts of one vendor are no guide to another's: they differ by up to 2.2 on the same text.
    """
    composed = unicodedata.normalize("NFKC", text)
    return max(_utf8_bytes(text), _utf8_bytes(composed)) + FRAME_TOKENS


def _utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))

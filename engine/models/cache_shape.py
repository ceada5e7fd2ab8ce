"""What each layer of a model keeps for a token in the KV cache, by architecture. Pure; knows no memory and no files.

Only architectures are here whose cache llama.cpp makes of plain keys and values, or of states of a known size. A layer
with a sliding window attends to its last tokens only, but the worker keeps all of them for it: a conversation is cut
back to where a follow-up continues it, and a window of which the beginning is gone could not be.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.models.facts import ModelFacts, Recurrence

#: Architectures with one key and value row for each token, layer and key-value head.
WITH_PLAIN_CACHE = frozenset(
    """
    llama qwen qwen2 qwen2moe qwen3 qwen3moe qwen3vl qwen3vlmoe qwen2vl phi2 phi3 phimoe gemma gemma2 gemma3 gemma4
    granite granitemoe smollm3 stablelm starcoder starcoder2 olmo olmo2 olmoe internlm2 command-r cohere2 exaone exaone4
    glm4 glm4moe mistral3 minicpm seed_oss ernie4_5 ernie4_5-moe arcee apertus nemotron hunyuan-dense hunyuan-moe gpt2
    gptneox falcon mpt orion bloom baichuan gpt-oss xverse codeshell refact dbrx bailingmoe
    """.split()
)
#: Architectures in which most layers keep a recurrent state, and the others plain keys and values.
WITH_STATES = frozenset(("qwen35", "qwen35moe"))
#: Encoders: every text is read whole, so nothing is kept between batches.
WITHOUT_CACHE = frozenset("bert modern-bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert".split())

#: Every how many layers one has no window, where the file does not say; phi3 files name a window that is not used.
_PERIODS = {"gemma2": 2, "gemma3": 6, "gpt-oss": 2, "cohere2": 4, "olmo2": 4, "exaone4": 4}
_MOST_LAYERS = 4096


@dataclass(frozen=True)
class Layer:
    """Numbers that a layer keeps: keys and values for each token, a state for each conversation."""

    keys: int
    values: int
    windowed: bool
    state: int = 0


def layers(facts: ModelFacts) -> list[Layer] | None:
    """The layers that keep something; None where that cannot be known."""
    if facts.architecture in WITHOUT_CACHE:
        return []
    if facts.architecture not in WITH_PLAIN_CACHE | WITH_STATES:
        return None
    if not (facts.n_layers and facts.heads_kv and facts.key_length and facts.value_length):
        return None
    windowed = _windowed(facts, facts.n_layers)
    if windowed is None or facts.n_layers > _MOST_LAYERS:
        return None
    if facts.architecture in WITH_STATES:
        return _with_states(facts, facts.heads_kv)
    keeping = facts.n_layers - facts.n_sharing_layers
    return [_layer(facts, heads, in_window) for heads, in_window in list(zip(facts.heads_kv, windowed, strict=True))[:keeping]]


def _with_states(facts: ModelFacts, heads_kv: list[int]) -> list[Layer] | None:
    kept = facts.recurrence
    if kept is None:
        return None
    convolved = (kept.kernel - 1) * mixed_width(kept)
    state = Layer(0, 0, windowed=False, state=convolved + kept.state_length * kept.inner)
    attends = ((at + 1) % kept.attends_every == 0 for at in range(len(heads_kv)))
    return [_layer(facts, heads, False) if is_attention else state for heads, is_attention in zip(heads_kv, attends, strict=True)]


def mixed_width(kept: Recurrence) -> int:
    """Numbers of queries, keys and values together, as a recurrent layer reads them."""
    return kept.inner + 2 * kept.n_groups * kept.state_length


def has_windows(facts: ModelFacts) -> bool:
    """Whether some layers attend to their last tokens only, which wants a mask of its own."""
    return any(_windowed(facts, facts.n_layers or 0) or ())


def _layer(facts: ModelFacts, heads: int, windowed: bool) -> Layer:
    key_length, value_length = facts.key_length or 0, facts.value_length or 0
    if windowed:
        key_length, value_length = facts.windowed_key_length or key_length, facts.windowed_value_length or value_length
    return Layer(heads * key_length, heads * value_length, windowed)


def _windowed(facts: ModelFacts, n_layers: int) -> list[bool] | None:
    """Which layers have a window; None if the file's list is not one entry for each layer."""
    if facts.architecture not in _PERIODS and facts.architecture != "gemma4":
        return [False] * n_layers
    if facts.window is None:
        return [False] * n_layers
    if isinstance(facts.windowed, list):
        return facts.windowed if len(facts.windowed) == n_layers else None
    if facts.architecture == "gemma4":
        return None
    period = facts.windowed or _PERIODS[facts.architecture]
    return [layer % period < period - 1 for layer in range(n_layers)]

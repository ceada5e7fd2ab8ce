"""How fast a model would write on this computer's processor: a range from what it reads of memory for each token. Pure.

Writing one token reads every weight that takes part in it once, so memory sets the pace, unless the cores cannot keep
up with it. How much of the measured bandwidth a computation gets varies between processors and ways of storing weights;
hence a range until it was measured. What other models achieved here already moves the range.
Reading a prompt is bound by arithmetic instead, and nothing is said of it before it was measured.
"""

from __future__ import annotations

from engine.models.facts import ModelFacts

LOW_EFFICIENCY, HIGH_EFFICIENCY = 0.55, 0.80  # of the bandwidth; from public measurements of dense 4- and 8-bit models
BYTES_PER_CORE = 4.5e9  # of weights that a slow core unpacks and multiplies in a second; quick ones do several times that
SURE, POSSIBLE = 0.8, 2.0  # of what other models achieved: the least, and the most if that model was a small one
SECONDS_PER_LAYER = 25e-6  # starting and joining the threads for the steps of a layer
DEPTH = 1024  # tokens that stand in the conversation already

#: Ways of storing weights whose unpacking costs more than reading them.
_LATTICES = ("IQ1", "IQ2", "IQ3")
_LATTICE_EFFICIENCY = 0.55


def speed(
    facts: ModelFacts,
    bytes_per_s: float,
    *,
    cache_bytes_per_token: float = 0.0,
    n_cores: int | None = None,
    achieved: float | None = None,
) -> tuple[float, float]:
    """Tokens a second, from and to, where memory is read at `bytes_per_s`.

    `achieved` is how many bytes of their weights a second other models were seen to read on this computer.
    """
    low, high = LOW_EFFICIENCY * bytes_per_s, HIGH_EFFICIENCY * bytes_per_s
    if achieved is not None:
        low, high = min(low, SURE * achieved), min(high, max(POSSIBLE * achieved, low))
    if n_cores is not None:
        low = min(low, n_cores * BYTES_PER_CORE)
    n_bytes = bytes_per_token(facts) + cache_bytes_per_token * DEPTH
    overhead = (facts.n_layers or 0) * SECONDS_PER_LAYER
    share = _LATTICE_EFFICIENCY if (facts.quantisation or "").startswith(_LATTICES) else 1.0
    return 1 / (n_bytes / (low * share) + overhead), 1 / (n_bytes / (high * share) + overhead)


def bytes_per_token(facts: ModelFacts) -> float:
    """Weights that are read for one token: of the experts those that are used, of a table one row."""
    weights = float(facts.n_weight_bytes or 0) - facts.layer_table_bytes
    if facts.n_experts and facts.n_experts_used:
        weights -= facts.expert_bytes * (1 - facts.n_experts_used / facts.n_experts)
    if not facts.is_tied:  # else the whole table is read, to find the next token
        weights -= facts.table_bytes or 0
    return max(weights, 1.0)

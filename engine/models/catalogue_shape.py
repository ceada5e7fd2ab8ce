"""From the dimensions that a catalogue states to the facts that a model's header will say. Pure.

How much of a file is experts, and how much the table of words, is taken from their share of the parameters: a header
says it exactly, this within what the types of a mixed quantisation differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.models.catalogue_file import Entry, Shape
from engine.models.facts import ModelFacts, Recurrence


@dataclass(frozen=True)
class Parameters:
    """How many numbers a model of a shape has: in its table of words, in that for its layers, in experts, and in all."""

    table: int
    layer_table: int
    experts: int
    all: int


def facts_from_shape(entry: Entry, key: str, n_bytes: int) -> ModelFacts | None:
    """The facts of a size with the key `key` whose files have `n_bytes`; None for a model without a shape."""
    shape = entry.shape
    if shape is None:
        return None
    slides, experts, parameters = shape.sliding, shape.experts, parameters_of(shape)
    return ModelFacts(
        architecture=entry.architecture or "",
        name=entry.name,
        licence=entry.licence,
        quantisation=key,
        n_parameters=parameters.all,
        n_weight_bytes=n_bytes,
        n_vocabulary=shape.n_vocabulary,
        context_length=entry.context_length,
        n_layers=shape.n_layers,
        n_embedding=shape.n_embedding,
        n_feed_forward=shape.n_feed_forward or (experts.n_feed_forward if experts else None),
        n_heads=shape.n_heads,
        heads_kv=[_heads_kv(shape, layer) for layer in range(shape.n_layers)],
        key_length=shape.key_length,
        value_length=shape.value_length,
        pools=entry.purpose == "embedding",
        has_chat_template=entry.purpose != "embedding",
        window=slides.window if slides else None,
        windowed=[_slides(shape, layer) for layer in range(shape.n_layers)] if slides else None,
        windowed_key_length=slides.key_length if slides else None,
        windowed_value_length=slides.value_length if slides else None,
        n_sharing_layers=shape.n_layers_borrowing,
        recurrence=_recurrence_facts(shape),
        n_experts=experts.n if experts else 0,
        n_experts_used=experts.n_used if experts else 0,
        n_expert_feed_forward=experts.n_feed_forward if experts else None,
        expert_bytes=n_bytes * parameters.experts // parameters.all,
        table_bytes=n_bytes * parameters.table // parameters.all,
        layer_table_bytes=n_bytes * parameters.layer_table // parameters.all,
        is_tied=shape.shares_embedding,
    )


def _recurrence_facts(shape: Shape) -> Recurrence | None:
    states = shape.recurrent
    if states is None:
        return None
    return Recurrence(
        attends_every=states.full_every,
        inner=states.n_value_heads * states.head_length,
        state_length=states.head_length,
        n_groups=states.n_key_heads,
        kernel=states.kernel,
    )


def parameters_of(shape: Shape) -> Parameters:
    """Count the matrices of a shape; what has one dimension only (norms, biases) is too little to matter."""
    beside = (shape.n_beside_embedding or 0) * shape.n_layers
    table, layer_table = shape.n_vocabulary * shape.n_embedding, shape.n_vocabulary * beside
    experts = _experts(shape) * shape.n_layers
    layers = sum(_attention(shape, layer) + _feed_forward(shape, layer) for layer in range(shape.n_layers))
    looked_up = layer_table + 3 * beside * shape.n_embedding  # each layer has two matrices for it, and one makes it for all
    whole = table * (1 if shape.shares_embedding else 2) + layers + experts + looked_up
    return Parameters(table, layer_table, experts, whole)


def _attention(shape: Shape, layer: int) -> int:
    if _is_recurrent(shape, layer):
        return _recurrence(shape)
    slides = shape.sliding if _slides(shape, layer) else None
    key = (slides.key_length if slides else None) or shape.key_length
    value = (slides.value_length if slides else None) or shape.value_length
    asking = shape.n_embedding * shape.n_heads * key * (2 if shape.gates_attention else 1)
    answering = shape.n_heads * value * shape.n_embedding
    if layer >= shape.n_layers - shape.n_layers_borrowing:
        return asking + answering
    per_head = key if shape.keys_are_values and not slides else key + value
    return asking + answering + shape.n_embedding * _heads_kv(shape, layer) * per_head


def _recurrence(shape: Shape) -> int:
    recurrent = shape.recurrent
    if recurrent is None:
        return 0
    inner, keys = recurrent.n_value_heads * recurrent.head_length, recurrent.n_key_heads * recurrent.head_length
    mixed = inner + 2 * keys
    return shape.n_embedding * (mixed + 2 * inner + 2 * recurrent.n_value_heads) + recurrent.kernel * mixed


def _feed_forward(shape: Shape, layer: int) -> int:
    borrows = layer >= shape.n_layers - shape.n_layers_borrowing
    width = (shape.n_feed_forward_borrowing if borrows else None) or shape.n_feed_forward or 0
    always = (shape.experts.n_feed_forward_always if shape.experts else None) or 0
    return shape.n_matrices_feed_forward * shape.n_embedding * (width + always)


def _experts(shape: Shape) -> int:
    """In the experts of one layer, with what chooses among them."""
    if shape.experts is None:
        return 0
    one = shape.n_matrices_feed_forward * shape.n_embedding * shape.experts.n_feed_forward
    return shape.experts.n * (one + shape.n_embedding)


def _heads_kv(shape: Shape, layer: int) -> int:
    """How many heads of keys and values a layer keeps."""
    if _is_recurrent(shape, layer):
        return 0
    sliding = shape.sliding.n_heads_kv if shape.sliding and _slides(shape, layer) else None
    return sliding or shape.n_heads_kv


def _slides(shape: Shape, layer: int) -> bool:
    return bool(shape.sliding and (layer + 1) % shape.sliding.full_every)


def _is_recurrent(shape: Shape, layer: int) -> bool:
    return bool(shape.recurrent and (layer + 1) % shape.recurrent.full_every)

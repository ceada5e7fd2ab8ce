"""What memory_fit predicts is what a real, sealed worker takes once it has filled its context: within a tenth.

Measured is what the system holds for the worker at its fullest: its own memory and the pages of the mapped file. Of
weights that the worker copied into another order the mapped pages are left out, since nobody reads them again.
The models have random weights, which the memory does not know. tests/bench/bench_memory_fit.py goes further.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.inference.supervisor import ChatModel
from engine.models.memory_fit import fit, need
from tests.model_shapes import FURTHER_SHAPES, SHAPES, Shape
from tests.random_models import write_random_model
from tests.worker.conversations import listen, user
from tests.worker.filling import facts_of, filled, filled_with_texts, prediction

CONTEXTS = (512, 1024, 2048)
ERROR = 0.10
CASES = [*((shape, CONTEXTS) for shape in SHAPES), *((shape, CONTEXTS[:1]) for shape in FURTHER_SHAPES)]


@pytest.mark.parametrize(("shape", "contexts"), CASES, ids=[shape.name for shape, _ in CASES])
async def test_a_model_takes_what_was_predicted(shape: Shape, contexts: tuple[int, ...], tmp_path: Path) -> None:
    file = write_random_model(shape, tmp_path / f"{shape.name}.gguf")
    facts, errors = await facts_of(file), {}
    for n_ctx in contexts:
        measured, n_batch = await filled(file, n_ctx)
        errors[n_ctx] = (await prediction(file, n_ctx, n_batch)).total / measured - 1
        # With less than it takes it would fail: that must not be called a fit before anything of it was measured.
        too_little = round(0.97 * measured)
        assert fit(facts, n_ctx, free=too_little, total=64 * too_little).verdict not in ("fits_well", "tight")
    assert all(abs(error) <= ERROR for error in errors.values()), errors


async def test_the_starter_takes_what_was_predicted(starter_model: Path) -> None:
    measured, n_batch = await filled(starter_model, 512)
    assert (await prediction(starter_model, 512, n_batch)).total == pytest.approx(measured, rel=ERROR)


async def test_the_embedding_model_takes_what_was_predicted(embedding_model: Path) -> None:
    measured = await filled_with_texts(embedding_model)
    assert (await prediction(embedding_model, 512, 512)).total == pytest.approx(measured, rel=ERROR)


async def test_a_loaded_model_reports_what_it_took_and_how_fast_it_was(chat: ChatModel, starter_model: Path) -> None:
    at_start = chat.load_report
    assert at_start is not None and at_start.tokens_per_s is None
    facts = await facts_of(starter_model)
    assert (at_start.architecture, at_start.weights, at_start.n_ctx) == ("llama", facts.n_weight_bytes, 2048)
    await listen(chat, "a", user("word " * 150 + "Count from one to five."), max_tokens=12)
    report, whole = chat.load_report, need(facts, 2048)
    assert report is not None and whole is not None
    assert at_start.measured < report.measured <= whole.total
    assert report.measured >= chat.state.memory > 0
    assert report.tokens_per_s == chat.state.tokens_per_s and report.prompt_tokens_per_s

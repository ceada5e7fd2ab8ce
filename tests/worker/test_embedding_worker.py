"""A real sealed worker turns texts into vectors, the same ones as llama.cpp's own reference path."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil

from engine.inference.supervisor import EmbeddingModel
from tests.worker.conversations import worker_pid

TEXTS = [
    "The lease may be ended with three months' notice.",
    "Either party can terminate the tenancy; notice is three months.",
    "Größe, naïveté, 東京 and 🎉",
    "Bananas are rich in potassium.",
    "x",
    "A longer passage about liability. " * 25,
]

ALIKE = 0.999  # cosine; with quantised weights the rounding depends on what else is computed in the same batch


async def test_vectors_have_length_one_and_mean_something(embedding: EmbeddingModel):
    vectors = await embedding.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > likeness[0, 3] + 0.3


async def test_vectors_equal_the_high_level_ones(embedding: EmbeddingModel, embedding_model: Path):
    ours = await embedding.embed(TEXTS)
    program = (
        "import json, sys, llama_cpp\n"
        "model = llama_cpp.Llama(sys.argv[1], embedding=True, verbose=False, n_ctx=512)\n"
        "print(json.dumps(model.embed(json.loads(sys.argv[2]), normalize=True)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(embedding_model), json.dumps(TEXTS)],
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    theirs = np.array(json.loads(done.stdout.splitlines()[-1]), np.float32)
    assert ((ours * theirs).sum(axis=1) > ALIKE).all()


async def test_many_texts_come_back_in_order(embedding: EmbeddingModel):
    texts = [f"Paragraph {number} deals with item {number}." for number in range(50)]
    together = await embedding.embed(texts)
    for number in (0, 15, 16, 49):
        alone = await embedding.embed([texts[number]])
        assert float(together[number] @ alone[0]) > ALIKE


async def test_no_text_gives_no_row(embedding: EmbeddingModel):
    assert (await embedding.embed([])).shape == (0, 384)


async def test_an_empty_text_gives_a_row(embedding: EmbeddingModel):
    assert (await embedding.embed(["", "text"])).shape == (2, 384)


async def test_of_a_text_that_is_too_long_the_beginning_counts(embedding: EmbeddingModel):
    beginning = "The tenant pays the rent on the first of the month. " * 60
    one, other = await embedding.embed([beginning + "Bananas. " * 500, beginning + "Submarines. " * 500])
    assert np.allclose(one, other, atol=1e-6)


async def test_a_question_does_not_wait_for_a_whole_document(embedding: EmbeddingModel):
    await embedding.start()
    document = asyncio.create_task(embedding.embed(["A passage about liability and damages. " * 20] * 200))
    await asyncio.sleep(0.1)
    question = await embedding.embed(["Who is liable?"])
    assert question.shape == (1, 384)
    assert not document.done()
    document.cancel()
    await asyncio.wait([document])
    assert (await embedding.embed(["still there"])).shape == (1, 384)


async def test_answers_go_before_indexing(embedding: EmbeddingModel):
    await embedding.start()
    assert psutil.Process(worker_pid(embedding)).nice() == psutil.Process().nice() + 10


async def test_control_tokens_in_a_text_are_plain_text(embedding: EmbeddingModel):
    marked, plain = await embedding.embed(["a [SEP] b [CLS] c", "a b c"])
    assert float(marked @ plain) < 0.99


async def test_the_worker_has_loaded_nothing_it_must_not_have(embedding: EmbeddingModel):
    await embedding.embed(["text"])
    mapped = Path(f"/proc/{worker_pid(embedding)}/maps").read_text()
    assert "libllama" in mapped
    for library in ("_ssl", "_sqlite3", "sqlcipher", "libQt6", "_multiarray_umath", "pydantic_core"):
        assert library not in mapped

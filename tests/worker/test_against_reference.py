"""Greedy answers equal those of the plainest possible loop over llama.cpp, token for token.

The questions are short enough for one step of prefill: a long prompt is read in several, and sums that are taken in
another order may turn a near tie between two tokens.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.inference.supervisor import ChatMessage, ChatModel
from engine.records import ModelId
from tests.worker.conversations import listen

PROMPT = "<|im_start|>{system}<|im_end|>\n<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
QUESTIONS = [
    "What is a contract?",
    "List three fruits.",
    "Was heißt „Vertrag“ auf Französisch? 🙂",
]

REFERENCE = """
import ctypes, json, sys
import numpy
import llama_cpp.llama_cpp as api
silence = api.llama_log_callback(lambda *_: None)
api.llama_log_set(silence, None)
model = api.llama_model_load_from_file(sys.argv[1].encode(), api.llama_model_default_params())
vocabulary = api.llama_model_get_vocab(model)
answers = []
for prompt in json.loads(sys.argv[2]):
    settings = api.llama_context_default_params()
    settings.n_ctx, settings.n_batch, settings.n_threads, settings.n_threads_batch = 1024, 1024, 1, 1
    context = api.llama_init_from_model(model, settings)
    raw = prompt.encode()
    tokens = (api.llama_token * 1024)()
    n = api.llama_tokenize(vocabulary, raw, len(raw), tokens, 1024, False, True)
    logits, text, size = None, b"", api.llama_vocab_n_tokens(vocabulary)
    batch = api.llama_batch_get_one(tokens, n)
    for _ in range(24):
        assert api.llama_decode(context, batch) == 0
        logits = api.llama_get_logits_ith(context, -1)
        best = int(numpy.ctypeslib.as_array(logits, (size,)).argmax())
        if api.llama_vocab_is_eog(vocabulary, best):
            break
        buffer = ctypes.create_string_buffer(64)
        n = api.llama_token_to_piece(vocabulary, best, buffer, 64, 0, False)
        text += buffer.raw[:n]
        one = (api.llama_token * 1)(best)
        batch = api.llama_batch_get_one(one, 1)
    answers.append(text.decode("utf-8", "replace"))
    api.llama_free(context)
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def expected(starter_model: Path) -> list[str]:
    prompts = [PROMPT.format(system="system\nAnswer briefly.", question=question.strip()) for question in QUESTIONS]
    done = subprocess.run(
        [sys.executable, "-c", REFERENCE, str(starter_model), json.dumps(prompts)],
        capture_output=True,
        text=True,
        timeout=110,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
async def test_greedy_answers_equal_the_plain_loop(starter_model: Path, expected: list[str], number: int):
    """One thread on both sides: the order of a sum depends on how many share it."""
    model = ChatModel(starter_model, ModelId("starter"), n_ctx=1024, n_threads=1)
    await model.start()
    messages = [ChatMessage("system", "Answer briefly."), ChatMessage("user", QUESTIONS[number])]
    heard = await listen(model, "a", messages, 24)
    await model.close()
    assert heard.text == expected[number]

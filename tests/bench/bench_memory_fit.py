"""Predicted against measured memory, and estimated against measured speed, with real sealed workers.

    python tests/bench/bench_memory_fit.py [--contexts 1024,4096,16384] [NAME ...]

NAME chooses shapes of random-weight models (`dense`, `experts`, …), `starter` or `embedding`. Each context is filled to
its end, which for the longest takes minutes. `batch` is how many tokens the worker computed in one go when it attended
to the most; a prediction is made for that, and beside it for a whole batch, as it is before anything was measured.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import psutil

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from engine.inference.supervisor import ChatMessage, ChatModel, Ended  # noqa: E402
from engine.models.memory_fit import N_UBATCH, fit  # noqa: E402
from engine.models.memory_speed import memory_bytes_per_s  # noqa: E402
from engine.records import ModelId, RequestId  # noqa: E402
from tests.model_shapes import FURTHER_SHAPES, SHAPES  # noqa: E402
from tests.random_models import write_random_model  # noqa: E402
from tests.worker.filling import facts_of, filled, filled_with_texts, prediction  # noqa: E402

STARTER = CHECKOUT / "resources/models/SmolLM2-135M-Instruct.Q4_1.gguf"
EMBEDDING = CHECKOUT / "resources/models/all-minilm-l6-v2-q8_0.gguf"
MB = 1_000_000
STARTERS_LIMIT = 8192  # tokens that the starter model was made for


async def memory_of(name: str, file: Path, contexts: list[int]) -> list[float]:
    """A line for each context; the errors, as shares of what was measured."""
    errors = []
    for n_ctx in contexts:
        measured, n_batch = await filled(file, n_ctx)
        predicted, before = await prediction(file, n_ctx, n_batch), await prediction(file, n_ctx, N_UBATCH)
        errors.append(_line(name, n_ctx, n_batch, predicted.total, before.total, measured))
    return errors


def _line(name: str, n_ctx: int, n_batch: int, predicted: int, before: int, measured: int) -> float:
    error = predicted / measured - 1
    print(
        f"{name:20} {n_ctx:7} {n_batch:6} {predicted / MB:10.1f} {measured / MB:10.1f} {error:+8.1%} {before / MB:13.1f}",
        flush=True,
    )
    return error


async def speed_of(file: Path) -> None:
    """The estimate for a model beside what it then does."""
    bytes_per_s = await asyncio.to_thread(memory_bytes_per_s)
    if bytes_per_s is None:
        print("too little memory is free to measure its speed")
        return
    free = 64 << 30
    answer = fit(
        await facts_of(file), 4096, free=free, total=free, bytes_per_s=bytes_per_s, n_cores=psutil.cpu_count(logical=False)
    )
    model = ChatModel(file, ModelId("bench"), n_ctx=4096)
    await model.start()
    speeds = []
    for number in range(3):
        messages = [ChatMessage("user", "Tell a long story about a lighthouse keeper.")]
        async for piece in model.generate(RequestId(f"{number}"), messages, max_tokens=128):
            if isinstance(piece, Ended):
                speeds.append(piece.timings.decode_tokens_per_s)
    await model.close()
    print(f"\nmemory is read at {bytes_per_s / 1e9:.1f} GB/s")
    print(f"{file.stem}: estimated {answer.tokens_per_s_low:.0f} to {answer.tokens_per_s_high:.0f} tokens/s, measured", end=" ")
    print(", ".join(f"{speed:.0f}" for speed in speeds))


async def main(names: list[str], contexts: list[int]) -> int:
    errors: list[float] = []
    print(f"{'model':20} {'context':>7} {'batch':>6} {'predicted':>10} {'measured':>10} {'error':>8} {'whole batch':>13}   MB")
    with tempfile.TemporaryDirectory() as folder:
        for shape in (*SHAPES, *FURTHER_SHAPES):
            if not names or shape.name in names:
                file = write_random_model(shape, Path(folder) / "model.gguf")
                errors += await memory_of(shape.name, file, contexts)
    if not names or "starter" in names:
        errors += await memory_of("starter", STARTER, [n_ctx for n_ctx in contexts if n_ctx <= STARTERS_LIMIT])
    if not names or "embedding" in names:
        whole = await prediction(EMBEDDING, 512, 512)
        errors.append(_line("embedding", 512, 512, whole.total, whole.total, await filled_with_texts(EMBEDDING)))
    if errors:
        print(f"\nlargest error {max(errors, key=abs):+.1%} of {len(errors)}")
    await speed_of(STARTER)
    return 0 if all(abs(error) <= 0.10 for error in errors) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contexts", default="1024,4096,16384")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.names, [int(n_ctx) for n_ctx in options.contexts.split(",")])))

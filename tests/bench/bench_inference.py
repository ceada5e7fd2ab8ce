"""Figures of the inference engine beside llama.cpp's own tools, in one run, as ratios.

    python tests/bench/bench_inference.py --tools FOLDER [--model FILE] [--threads N] [--rounds N] [NAME ...]

FOLDER holds `llama-bench` and `llama-batched-bench` of the llama.cpp revision inside the installed llama-cpp-python.
Where they are missing, `--build` fetches that package's source archive and builds them there (some minutes):

    python tests/bench/bench_inference.py --tools ~/.cache/strongroom-bench --build

STRONGROOM_BENCH_TOOLS names the folder where the option is not given. Ours and theirs take turns, so that a busy
computer slows both; the medians are compared. Each line: name, value, reference, ratio, the ratio to reach.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tarfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from engine.inference.supervisor import ChatMessage, ChatModel, Ended, Grew  # noqa: E402
from engine.records import ModelId, RequestId  # noqa: E402

STARTER = CHECKOUT / "resources/models/SmolLM2-135M-Instruct.Q4_1.gguf"
STORY = "Tell a long story about an old lighthouse keeper, with many turns and people in it."
WORDS = "The board of directors met in the large hall and discussed the figures of the quarter at length. "


@dataclass(frozen=True)
class Setting:
    """What all measurements share."""

    tools: Path
    model: Path
    threads: int
    rounds: int


@dataclass
class Heard:
    """When the pieces of an answer came (seconds of time.monotonic), and its last word."""

    asked: float
    times: list[float]
    end: Ended

    @property
    def ttft(self) -> float:
        return self.times[0] - self.asked


# ---------------------------------------------------------------- ours
class Talk:
    """A chat model that is used as the program uses it: a sealed worker, asked through the supervisor."""

    def __init__(self, setting: Setting, *, n_threads: int | None, n_ctx: int = 4096) -> None:
        self.model = ChatModel(setting.model, ModelId("bench"), n_ctx=n_ctx, n_threads=n_threads, n_slots=16)
        self._n = 0

    async def __aenter__(self) -> Talk:
        await self.model.start()
        await self.ask("Hello", 8)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.model.close()

    async def ask(self, text: str | list[ChatMessage], max_tokens: int) -> Heard:
        self._n += 1
        messages = [ChatMessage("user", text)] if isinstance(text, str) else text
        asked, times = time.monotonic(), []
        async for piece in self.model.generate(RequestId(f"bench {self._n}"), messages, max_tokens=max_tokens):
            if isinstance(piece, Grew):
                times.append(time.monotonic())
            elif isinstance(piece, Ended):
                return Heard(asked, times or [time.monotonic()], piece)
        raise AssertionError("an answer without a last word")


# ---------------------------------------------------------------- theirs
def llama_bench(setting: Setting, *options: str, threads: int | None = None) -> float:
    """Tokens per second of one test of llama-bench."""
    command = [
        setting.tools / "llama-bench",
        "-m",
        setting.model,
        "-t",
        threads or setting.threads,
        "-r",
        1,
        "-o",
        "json",
        *options,
    ]
    return float(json.loads(_output(command))[0]["avg_ts"])


def batched_bench(setting: Setting, n_streams: int) -> float:
    """Generated tokens per second of all streams of llama-batched-bench."""
    lengths = ["-npp", 64, "-ntg", 64, "-npl", n_streams, "-c", 4096, "-kvu"]
    command = [
        setting.tools / "llama-batched-bench",
        "-m",
        setting.model,
        "-t",
        setting.threads,
        "-tb",
        setting.threads,
        *lengths,
    ]
    lines = _output([*command, "--output-format", "jsonl"]).splitlines()
    return float(next(json.loads(line)["speed_tg"] for line in lines if line.startswith("{")))


def _output(command: Iterable[object]) -> str:
    """Run it on the very libraries that the engine uses, so that no compiler flag is compared with another."""
    binding = importlib.util.find_spec("llama_cpp")
    assert binding is not None and binding.submodule_search_locations
    libraries = str(Path(binding.submodule_search_locations[0]) / "lib")
    environment = {**os.environ, "LD_LIBRARY_PATH": libraries, "DYLD_LIBRARY_PATH": libraries}
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True, env=environment).stdout


# ---------------------------------------------------------------- measurements
async def decode(setting: Setting) -> None:
    """One stream, generated tokens per second; theirs starts behind as many tokens as our prompt has."""
    async with Talk(setting, n_threads=setting.threads) as talk:
        depth = (await talk.ask(STORY, 1)).end.usage.prompt_tokens
        ours, theirs = await _in_turns(
            setting,
            lambda: _value(talk.ask(STORY, 128), lambda heard: heard.end.timings.decode_tokens_per_s),
            lambda: llama_bench(setting, "-p", "0", "-n", "128", "-d", str(depth)),
        )
    _show("decode, tokens/s", ours, theirs, 0.97)


async def prefill(setting: Setting) -> None:
    """One prompt of some 512 tokens that nothing of is cached."""
    async with Talk(setting, n_threads=setting.threads) as talk:
        numbers = iter(range(1000))

        async def ask() -> float:
            heard = await talk.ask(f"{next(numbers)} is the number. " + WORDS * 26, 1)
            return heard.end.timings.prefill_tokens_per_s

        ours, theirs = await _in_turns(setting, ask, lambda: llama_bench(setting, "-p", "512", "-n", "0"))
    _show("prefill, tokens/s", ours, theirs, 0.97)


async def streams(setting: Setting, n_streams: int) -> None:
    """Generated tokens per second of several answers together, from the last first token to the first last one."""
    async with Talk(setting, n_threads=setting.threads) as talk:
        numbers = iter(range(1000))

        async def ask() -> float:
            questions = [f"Story number {next(numbers)}. {STORY} {WORDS}" for _ in range(n_streams)]
            heard = await asyncio.gather(*(talk.ask(question, 96) for question in questions))
            begin, end = max(each.times[0] for each in heard), min(each.times[-1] for each in heard)
            n_tokens = sum(begin < at <= end for each in heard for at in each.times)
            return n_tokens / (end - begin)

        ours, theirs = await _in_turns(setting, ask, lambda: batched_bench(setting, n_streams))
    _show(f"{n_streams} streams, tokens/s", ours, theirs, 0.95)


async def follow_up(setting: Setting) -> None:
    """Time to first token of a follow-up in a conversation of some 4,000 tokens, beside its new tokens alone."""
    question = "And what did they decide about the second point? " * 4
    async with Talk(setting, n_threads=setting.threads, n_ctx=8192) as talk:
        opening = [ChatMessage("user", WORDS * 205)]
        numbers = iter(range(1000))
        first = await talk.ask(opening, 4)
        print(f"  the conversation has {first.end.usage.prompt_tokens} tokens")

        async def ask() -> float:
            messages = [*opening, ChatMessage("assistant", "Yes."), ChatMessage("user", f"{next(numbers)} {question}")]
            return (await talk.ask(messages, 1)).ttft

        async def alone() -> float:
            return (await talk.ask(f"{next(numbers)} {question}", 1)).ttft

        ours, reference = await _in_turns(setting, ask, alone)
    _show("follow-up, s to first token", ours, reference, 1.2, at_most=True)


async def competitors(setting: Setting, n_busy: int) -> None:
    """Adapting threads beside the best fixed number, while other programs compute."""
    busy = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(n_busy)]
    for process in busy:
        process.start()
    try:
        counts: list[int | None] = [None, *range(1, setting.threads + 1)]
        speeds: dict[int | None, list[float]] = {count: [] for count in counts}
        for _ in range(setting.rounds):
            for count in counts:
                async with Talk(setting, n_threads=count) as talk:
                    await talk.ask(STORY, 64)  # the adapting one has had its first look after this
                    heard = await talk.ask(f"{STORY} Begin in spring.", 128)
                    speeds[count].append(heard.end.timings.decode_tokens_per_s)
    finally:
        for process in busy:
            process.terminate()
    fixed = max(statistics.median(speeds[count]) for count in counts if count)
    _show(f"{n_busy} busy beside, tokens/s", statistics.median(speeds[None]), fixed, 0.9)


async def start(setting: Setting) -> None:
    """From nothing to ready, beside loading the bare model in a process that is there already."""
    bare = (
        "import sys, time, llama_cpp.llama_cpp as api\n"
        "quiet = api.llama_log_callback(lambda *_: None); api.llama_log_set(quiet, None)\n"
        "began = time.perf_counter()\n"
        "assert api.llama_model_load_from_file(sys.argv[1].encode(), api.llama_model_default_params())\n"
        "print(time.perf_counter() - began)\n"
    )

    async def ours() -> float:
        model, began = ChatModel(setting.model, ModelId("bench"), n_threads=setting.threads), time.monotonic()
        await model.start()
        seconds = time.monotonic() - began
        await model.close()
        return seconds

    mine, theirs = await _in_turns(setting, ours, lambda: float(_output([sys.executable, "-c", bare, setting.model])))
    print(f"{'start to ready, s above the bare load':38} {mine - theirs:8.3f}   at most 1.0   ({mine:.3f} and {theirs:.3f})")


def _spin() -> None:
    while os.getppid() != 1:
        for _ in range(1_000_000):
            pass


async def _value(heard: Awaitable[Heard], of: Callable[[Heard], float]) -> float:
    return of(await heard)


async def _in_turns(
    setting: Setting, ours: Callable[[], Awaitable[float]], theirs: Callable[[], float | Awaitable[float]]
) -> tuple[float, float]:
    """Medians of both, measured alternately."""
    mine, others = [], []
    for _ in range(setting.rounds):
        mine.append(await ours())
        other = theirs()
        others.append(other if isinstance(other, float) else await other)
    return statistics.median(mine), statistics.median(others)


def _show(name: str, value: float, reference: float, limit: float, *, at_most: bool = False) -> None:
    ratio = value / reference
    good = ratio <= limit if at_most else ratio >= limit
    bound = "at most" if at_most else "at least"
    print(f"{name:38} {value:8.3f} {reference:8.3f} {ratio:6.3f}   {bound} {limit}{'' if good else '   MISSED'}", flush=True)


MEASUREMENTS: dict[str, Callable[[Setting], Awaitable[None]]] = {
    "decode": decode,
    "prefill": prefill,
    "streams-8": lambda setting: streams(setting, 8),
    "streams-16": lambda setting: streams(setting, 16),
    "follow-up": follow_up,
    "competitor-1": lambda setting: competitors(setting, 1),
    "competitor-2": lambda setting: competitors(setting, 2),
    "start": start,
}


# ---------------------------------------------------------------- the tools
def build(tools: Path) -> None:
    """Build llama.cpp's own tools from the source archive of the installed binding, for this processor."""
    tools.mkdir(parents=True, exist_ok=True)
    wanted = f"llama-cpp-python=={version('llama-cpp-python')}"
    fetch = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", "llama-cpp-python", "-d", tools, wanted]
    subprocess.run([str(part) for part in fetch], check=True)
    with tarfile.open(next(tools.glob("llama_cpp_python-*.tar.gz"))) as archive:
        archive.extractall(tools, filter="data")
    source = next(tools.glob("llama_cpp_python-*/vendor/llama.cpp"))
    options = ["-DCMAKE_BUILD_TYPE=Release", "-DLLAMA_CURL=OFF", "-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_SERVER=OFF"]
    folders = ["-S", str(source), "-B", str(tools / "build")]
    subprocess.run(["cmake", *folders, *options, f"-DCMAKE_RUNTIME_OUTPUT_DIRECTORY={tools}"], check=True)
    targets = ["--target", "llama-bench", "llama-batched-bench", "--parallel"]
    subprocess.run(["cmake", "--build", str(tools / "build"), *targets, str(os.cpu_count() or 2)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASUREMENTS)}; all without")
    parser.add_argument("--tools", type=Path, default=os.environ.get("STRONGROOM_BENCH_TOOLS"))
    parser.add_argument("--build", action="store_true")
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if given.tools is None:
        parser.error("--tools FOLDER is needed")
    if given.build:
        build(given.tools)
    setting = Setting(given.tools, given.model, given.threads, given.rounds)
    for name in given.names or MEASUREMENTS:
        asyncio.run(_measure(name, setting))


async def _measure(name: str, setting: Setting) -> None:
    await MEASUREMENTS[name](setting)


if __name__ == "__main__":
    main()

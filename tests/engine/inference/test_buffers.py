"""What is read out of llama.cpp's log, and what a loaded model's report makes of it."""

from __future__ import annotations

import os

import pytest

from engine.inference.buffers import MIB, Buffers, buffers
from engine.inference.load_report import LoadReport, in_use
from engine.inference.protocol import Ready

LOG = """
load_tensors: offloading 0 repeating layers to GPU
load_tensors:   CPU_Mapped model buffer size =    66.93 MiB
load_tensors:   CPU_REPACK model buffer size =    84.66 MiB
llama_context:        CPU  output buffer size =     0.50 MiB
llama_kv_cache:        CPU KV buffer size =     8.00 MiB
llama_kv_cache:        CPU KV buffer size =    20.00 MiB
llama_memory_recurrent:        CPU RS buffer size =     2.25 MiB
sched_reserve:        CPU compute buffer size =    77.51 MiB
llama_kv_cache: size =   28.00 MiB (  4096 cells,   4 layers, 16/1 seqs), K (f16):   14.00 MiB, V (f16):   14.00 MiB
"""
READY = Ready(
    "played", "llama", "Q4", 1, 512, 512, 8, 4, 1, memory=300 * MIB, load_s=0.0, has_chat_template=True,
    keeps_uncuttable_state=False, system="", weights=87 * MIB, copied=64 * MIB,
)  # fmt: skip


def test_each_buffer_is_counted_once_for_its_purpose() -> None:
    found = buffers(LOG.splitlines())
    assert (found.weights, found.cache) == (round(66.93 * MIB) + round(84.66 * MIB), round(30.25 * MIB))
    assert found.besides_weights == pytest.approx((30.25 + 77.51 + 0.5) * MIB, rel=1e-6)
    assert buffers(["model buffer size = none", ""]) == Buffers()


def test_a_report_begins_with_what_is_in_use_and_grows_with_it() -> None:
    report = LoadReport.at_start(READY, 200 * MIB)
    assert (report.measured, report.weights, report.tokens_per_s) == (200 * MIB, 87 * MIB, None)
    fuller = report.after(250 * MIB, 17.5, None)
    emptier = fuller.after(240 * MIB, None, 88.0)
    assert (fuller.measured, emptier.measured) == (250 * MIB, 250 * MIB)
    assert (emptier.tokens_per_s, emptier.prompt_tokens_per_s) == (17.5, 88.0)


def test_where_the_system_says_nothing_the_workers_own_count_is_taken() -> None:
    assert LoadReport.at_start(READY, 0).measured == 300 * MIB


def test_weights_that_stand_twice_are_counted_once() -> None:
    once = Ready(**{name: getattr(READY, name) for name in READY.__struct_fields__} | {"copied": 0})
    twice = Ready(**{name: getattr(READY, name) for name in READY.__struct_fields__} | {"copied": MIB})
    assert in_use(os.getpid(), once) - in_use(os.getpid(), twice) == pytest.approx(MIB, abs=MIB / 2)
    assert in_use(2**22 + 1, READY) == 0  # no such process

"""Processor time of the workers that answer: of real processes, and of ones whose time is known."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from engine.power.worker_time import WorkerTime

BUSY = "x = 0\nfor each in range(3_000_000): x += each\nprint(flush=True)\ninput()"


class Process:
    """A process as psutil shows it."""

    def __init__(self, seconds: float, command: list[str] | None = None) -> None:
        self.seconds = seconds
        self.command = command if command is not None else ["python", "main.py", "--worker", "chat"]

    def cmdline(self) -> list[str]:
        return self.command

    def cpu_times(self) -> Any:
        return SimpleNamespace(user=self.seconds, system=0.25)


def test_only_workers_that_answer_count():
    answers, reads, other = Process(1), Process(5, ["x", "--worker", "extract"]), Process(7, ["chat"])
    time = WorkerTime(lambda: [answers, reads, other])
    assert time.used() is None
    answers.seconds, reads.seconds = 3.5, 60
    assert time.used() == 2_500_000


def test_a_worker_that_came_since_counts_whole_and_one_that_went_is_not_known():
    there: list[Process] = []
    time = WorkerTime(lambda: there)
    assert time.used() is None
    there.append(Process(2))
    assert time.used() == 2_250_000
    there[:] = [Process(1)]
    assert time.used() is None
    assert time.used() == 0


def test_a_process_that_has_not_become_a_worker_yet_is_looked_at_again():
    child = Process(0, ["python"])
    time = WorkerTime(lambda: [child])
    time.used()
    child.command, child.seconds = ["python", "--worker", "chat"], 1
    assert time.used() == 1_250_000


def test_a_system_that_does_not_list_processes_tells_nothing():
    def refused() -> list[Any]:
        raise psutil.AccessDenied

    time = WorkerTime(refused)
    assert [time.used(), time.used()] == [None, None]


def test_a_real_child_is_found_by_what_it_was_started_with():
    time = WorkerTime()
    before = time.used()
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", BUSY, "--worker", "chat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()
        used = time.used()
    finally:
        child.communicate(b"\n")
    assert before is None
    assert used is not None
    assert used > 10_000


@pytest.mark.parametrize("what", ["cmdline", "cpu_times"])
def test_a_process_that_ends_while_it_is_looked_at(monkeypatch: pytest.MonkeyPatch, what: str):
    process = Process(1)

    def gone() -> Any:
        raise psutil.NoSuchProcess(1)

    monkeypatch.setattr(process, what, gone)
    assert WorkerTime(lambda: [process]).used() is None

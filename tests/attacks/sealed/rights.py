"""What a worker must still be able to do after the seal, or the program has no use. Raises when it cannot."""

from __future__ import annotations

import mmap
import os
import socket
import threading
from typing import Any


def read_the_model(plan: dict[str, Any]) -> None:
    with open(plan["model"], "rb") as model:
        assert model.read(4) == b"GGUF"


def map_the_model(plan: dict[str, Any]) -> None:
    with open(plan["model"], "rb") as model, mmap.mmap(model.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert mapped[:4] == b"GGUF"


def threads(plan: dict[str, Any]) -> None:
    done: list[int] = []
    started = [threading.Thread(target=done.append, args=(n,)) for n in range(4)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    assert sorted(done) == [0, 1, 2, 3]


def pipes_and_a_pair(plan: dict[str, Any]) -> None:
    read, write = os.pipe()
    os.write(write, b"x")
    assert os.read(read, 1) == b"x"
    one, other = socket.socketpair()
    one.close()
    other.close()


def learn_about_the_computer(plan: dict[str, Any]) -> None:
    assert os.cpu_count()
    with open("/proc/meminfo") as memory:
        assert "MemAvailable" in memory.read()


def step_back_behind_other_programs(plan: dict[str, Any]) -> None:
    assert os.nice(5) >= 5


def load_more_of_python(plan: dict[str, Any]) -> None:
    import decimal  # has a compiled part
    import xml.dom.minidom

    assert decimal.Decimal(1) + 1 == 2 and xml.dom.minidom


def numpy_if_this_python_has_it(plan: dict[str, Any]) -> None:
    if plan["has_numpy"]:
        import numpy

        assert (numpy.ones((64, 64)) @ numpy.ones((64, 64)))[0, 0] == 64


RIGHTS = [
    read_the_model, map_the_model, threads, pipes_and_a_pair, learn_about_the_computer, step_back_behind_other_programs,
    load_more_of_python, numpy_if_this_python_has_it,
]  # fmt: skip

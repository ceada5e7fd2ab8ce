"""The wire: what is sent arrives whole, and anything else is refused instead of believed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.records import Seal
from engine.wire import (
    LENGTH_BYTES,
    Channel,
    Sealed,
    Start,
    WireBroken,
    decode_message,
    encode_frame,
    frame_length,
    read_frame,
    write_frame,
)


class Ask(msgspec.Struct, frozen=True, tag=True):
    request: str
    text: str


class Stop(msgspec.Struct, frozen=True, tag=True):
    request: str


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue  # the test closed it


@given(request=st.text(), text=st.text())
def test_a_message_comes_back_as_it_was_sent(request: str, text: str) -> None:
    head, payload = encode_frame(Ask(request, text))
    assert frame_length(head) == len(payload)
    assert decode_message(msgspec.msgpack.Decoder(Ask | Stop), payload) == Ask(request, text)


@given(st.binary())
def test_arbitrary_bytes_are_a_message_or_a_broken_wire_and_nothing_else(noise: bytes) -> None:
    for types in (Ask | Stop, Start, Sealed):
        try:
            assert isinstance(decode_message(msgspec.msgpack.Decoder(types), noise), types)
        except WireBroken:
            continue


def test_deeply_nested_noise_is_a_broken_wire(pipe: tuple[int, int]) -> None:
    with pytest.raises(WireBroken):
        decode_message(msgspec.msgpack.Decoder(Start), b"\x91" * 100_000)


def test_the_start_message_carries_limits_and_options() -> None:
    start = Start(
        version=1, readable=["/a"], memory_limit=1 << 40, cpu_limit_s=5, resident_limit=7, options={"pages": [1, 2], "name": "ä"}
    )
    assert decode_message(msgspec.msgpack.Decoder(Start), encode_frame(start)[1]) == start
    sealed = Sealed(version=1, seal=Seal("enforced", "not_enforced", "why"))
    assert decode_message(msgspec.msgpack.Decoder(Sealed), encode_frame(sealed)[1]) == sealed


@pytest.mark.parametrize("head", [b"\0\0\0\0", b"\x10\0\0\1", b"\xff\xff\xff\xff"])
def test_lengths_that_no_frame_has_are_refused(head: bytes) -> None:
    with pytest.raises(WireBroken):
        frame_length(head)


def test_a_message_that_is_too_long_is_not_sent_at_all(pipe: tuple[int, int]) -> None:
    read, write = pipe
    with pytest.raises(ValueError, match="longer than a frame"):
        write_frame(write, Ask("r", "x" * 1000), max_frame=500)
    os.close(write)
    assert read_frame(read) is None


def test_a_pipe_closed_between_frames_is_the_end(pipe: tuple[int, int]) -> None:
    read, write = pipe
    write_frame(write, Stop("r"))
    os.close(write)
    assert read_frame(read) is not None
    assert read_frame(read) is None


@pytest.mark.parametrize("kept", [1, LENGTH_BYTES - 1, LENGTH_BYTES, LENGTH_BYTES + 1])
def test_a_pipe_closed_inside_a_frame_is_broken(pipe: tuple[int, int], kept: int) -> None:
    read, write = pipe
    os.write(write, b"".join(encode_frame(Stop("r")))[:kept])
    os.close(write)
    with pytest.raises(WireBroken):
        read_frame(read)


def test_messages_larger_than_the_pipe_cross_it_and_threads_do_not_mix_them(pipe: tuple[int, int]) -> None:
    read, write = pipe
    sender: Channel[Stop] = Channel(read, write, Stop)
    receiver: Channel[Ask] = sender.expecting(Ask)
    messages = {Ask(str(n), str(n) * size) for n, size in enumerate((1, 70_000, 3_000_000, 10, 200_000))}
    threads = [threading.Thread(target=sender.send, args=(message,)) for message in messages]
    for thread in threads:
        thread.start()
    arrived = {receiver.receive() for _ in messages}
    for thread in threads:
        thread.join()
    assert arrived == messages


def test_a_message_of_another_type_is_a_broken_wire(pipe: tuple[int, int]) -> None:
    read, write = pipe
    write_frame(write, Stop("r"))
    with pytest.raises(WireBroken):
        Channel[Ask](read, write, Ask).receive()

"""Ways out over a socket, each by another door. An attack returns when it got through and raises when it was refused."""

from __future__ import annotations

import ctypes
import socket
import struct
from typing import Any

from calls import call, checked, libc

SOCKET, CONNECT, SENDTO, SENDMSG = (41, 198), (42, 203), (44, 206), (46, 211)
SECRET = b"the contents of a confidential document"


def _address(port: int) -> bytes:
    return struct.pack("=HH4s8x", socket.AF_INET, socket.htons(port), socket.inet_aton("127.0.0.1"))


def tcp_connect(plan: dict[str, Any]) -> None:
    with socket.create_connection(("127.0.0.1", plan["tcp"]), timeout=2) as end:
        end.sendall(SECRET)


def tcp_connect_through_the_c_library(plan: dict[str, Any]) -> None:
    end = checked(libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0))
    checked(libc.connect(end, _address(plan["tcp"]), 16))


def tcp_connect_by_raw_call(plan: dict[str, Any]) -> None:
    end = call(SOCKET, socket.AF_INET, socket.SOCK_STREAM, 0)
    call(CONNECT, end, ctypes.c_char_p(_address(plan["tcp"])), 16)


def tcp_fast_open(plan: dict[str, Any]) -> None:
    msg_fastopen = 0x20000000
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as end:
        end.sendto(SECRET, msg_fastopen, ("127.0.0.1", plan["tcp"]))


def multipath_tcp(plan: dict[str, Any]) -> None:
    ipproto_mptcp = 262
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, ipproto_mptcp) as end:
        end.connect(("127.0.0.1", plan["tcp"]))


def udp_datagram(plan: dict[str, Any]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.sendto(SECRET, ("127.0.0.1", plan["udp"]))


def name_lookup_by_hand(plan: dict[str, Any]) -> None:
    question = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + b"\x06secret\x07example\x03org\x00\x00\x01\x00\x01"
    end = call(SOCKET, socket.AF_INET, socket.SOCK_DGRAM, 0)
    call(SENDTO, end, ctypes.c_char_p(question), len(question), 0, ctypes.c_char_p(_address(plan["udp"])), 16)


def name_lookup(plan: dict[str, Any]) -> None:
    try:
        socket.getaddrinfo("localhost", 80)
    except socket.gaierror as refusal:
        raise PermissionError(f"no answer ({refusal.args[0]})") from None


def unix_socket_by_path(plan: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.connect(plan["unix"])


def unix_socket_abstract(plan: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.connect("\0" + plan["abstract"])


def datagram_pair_turned_outwards(plan: dict[str, Any]) -> None:
    """No socket() and no connect(): one end of a pair sends to somebody else's address."""
    end, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    end.sendto(SECRET, plan["unix_datagram"])


def descriptor_0_turned_outwards(plan: dict[str, Any]) -> None:
    """If the wire itself is a socket, use it for what it was not meant for."""
    pair, _ = plan["pair_made_before"]
    address = struct.pack("=H", socket.AF_UNIX) + plan["unix_datagram"].encode() + b"\0"
    call(SENDTO, pair, ctypes.c_char_p(SECRET), len(SECRET), 0, ctypes.c_char_p(address), len(address))


def socket_opened_before_the_seal(plan: dict[str, Any]) -> None:
    plan["opened_before"].sendall(SECRET)


def listening(plan: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)):
        return


def netlink(plan: dict[str, Any]) -> None:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()


def virtual_machine_socket(plan: dict[str, Any]) -> None:
    socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()


def raw_icmp(plan: dict[str, Any]) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()


def raw_packets(plan: dict[str, Any]) -> None:
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3).close()


def io_uring(plan: dict[str, Any]) -> None:
    call((425, 425), 4, ctypes.create_string_buffer(120))


ATTACKS = [
    tcp_connect, tcp_connect_through_the_c_library, tcp_connect_by_raw_call, tcp_fast_open, multipath_tcp, udp_datagram,
    name_lookup_by_hand, name_lookup, unix_socket_by_path, unix_socket_abstract, datagram_pair_turned_outwards,
    descriptor_0_turned_outwards, socket_opened_before_the_seal, listening, netlink, virtual_machine_socket, raw_icmp,
    raw_packets, io_uring,
]  # fmt: skip

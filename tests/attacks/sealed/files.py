"""Reading what is not ours, and leaving anything behind. An attack returns when it worked and raises when it was refused."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any

from calls import call, checked, libc


def _read(path: str | Path) -> None:
    with open(path, "rb") as file:
        if not file.read(1):
            raise OSError("nothing to read")


def _write(path: str | Path) -> None:
    with open(path, "xb") as file:
        file.write(b"left behind")
    os.unlink(path)


def read_passwd(plan: dict[str, Any]) -> None:
    _read("/etc/passwd")


def read_passwd_around_the_corner(plan: dict[str, Any]) -> None:
    _read("/proc/self/root/etc/passwd")


def read_the_ssh_key(plan: dict[str, Any]) -> None:
    _read(plan["ssh_key"])


def read_the_ssh_key_by_openat2(plan: dict[str, Any]) -> None:
    how = (ctypes.c_uint64 * 3)(0, 0, 0)
    call((437, 437), -100, ctypes.c_char_p(plan["ssh_key"].encode()), how, ctypes.sizeof(how))


def read_the_ssh_key_through_a_link_in_an_open_folder(plan: dict[str, Any]) -> None:
    _read(plan["link_to_the_key"])


def read_the_file_beside_the_model(plan: dict[str, Any]) -> None:
    _read(plan["neighbour"])


def read_the_profile(plan: dict[str, Any]) -> None:
    _read(plan["store"])


def list_the_home_folder(plan: dict[str, Any]) -> None:
    os.listdir(plan["home"])


def list_everything(plan: dict[str, Any]) -> None:
    os.listdir("/")


def list_processes(plan: dict[str, Any]) -> None:
    os.listdir("/proc")


def read_the_environment_of_the_parent(plan: dict[str, Any]) -> None:
    _read(f"/proc/{plan['victim']}/environ")


def read_the_command_lines_of_others(plan: dict[str, Any]) -> None:
    _read(f"/proc/{plan['victim']}/cmdline")


def watch_the_home_folder(plan: dict[str, Any]) -> None:
    watcher = checked(libc.inotify_init1(0))
    checked(libc.inotify_add_watch(watcher, plan["home"].encode(), 0xFFF))


def write_home(plan: dict[str, Any]) -> None:
    _write(Path(plan["home"], "left-behind"))


def write_tmp(plan: dict[str, Any]) -> None:
    _write(Path("/tmp", f"left-behind-{os.getpid()}"))


def write_shared_memory(plan: dict[str, Any]) -> None:
    _write(Path("/dev/shm", f"left-behind-{os.getpid()}"))


def write_beside_the_model(plan: dict[str, Any]) -> None:
    _write(Path(plan["model"]).parent / "left-behind")


def write_the_program(plan: dict[str, Any]) -> None:
    _write(Path(plan["program"], "engine", "left_behind.py"))


def append_to_the_model(plan: dict[str, Any]) -> None:
    os.close(os.open(plan["model"], os.O_WRONLY | os.O_APPEND))


def empty_a_file_opened_for_reading(plan: dict[str, Any]) -> None:
    os.close(os.open(plan["scrap"], os.O_RDONLY | os.O_TRUNC))


def empty_a_file_by_name(plan: dict[str, Any]) -> None:
    os.truncate(plan["scrap"], 0)


def nameless_file(plan: dict[str, Any]) -> None:
    os.close(os.open(plan["home"], os.O_TMPFILE | os.O_RDWR, 0o600))


def make_a_folder(plan: dict[str, Any]) -> None:
    place = Path(plan["home"], "folder")
    place.mkdir()
    place.rmdir()


def make_a_symbolic_link(plan: dict[str, Any]) -> None:
    place = Path(plan["home"], "link")
    place.symlink_to("/etc/passwd")
    place.unlink()


def make_a_hard_link(plan: dict[str, Any]) -> None:
    place = Path(plan["home"], "second-name")
    os.link(plan["scrap"], place)
    place.unlink()


def make_a_fifo(plan: dict[str, Any]) -> None:
    place = Path(plan["home"], "fifo")
    os.mkfifo(place)
    place.unlink()


def rename_a_file(plan: dict[str, Any]) -> None:
    os.rename(plan["scrap"], plan["scrap"] + "-moved")
    os.rename(plan["scrap"] + "-moved", plan["scrap"])


def remove_a_file(plan: dict[str, Any]) -> None:
    os.unlink(plan["doomed"])


def open_the_key_to_everybody(plan: dict[str, Any]) -> None:
    os.chmod(plan["ssh_key"], 0o644)


def change_the_owner(plan: dict[str, Any]) -> None:
    os.chown(plan["ssh_key"], os.getuid(), os.getgid())


def hide_a_message_in_file_times(plan: dict[str, Any]) -> None:
    os.utime(plan["ssh_key"], (1, 2))


def hide_a_message_in_file_attributes(plan: dict[str, Any]) -> None:
    os.setxattr(plan["scrap"], "user.secret", b"message")


def grow_a_file_in_memory(plan: dict[str, Any]) -> None:
    """Not refused as a call, but nothing can be stored in it: it could become a program or a parcel."""
    place = os.memfd_create("parcel")
    os.write(place, b"x")


ATTACKS = [
    read_passwd, read_passwd_around_the_corner, read_the_ssh_key, read_the_ssh_key_by_openat2,
    read_the_ssh_key_through_a_link_in_an_open_folder, read_the_file_beside_the_model, read_the_profile,
    list_the_home_folder, list_everything, list_processes, read_the_environment_of_the_parent,
    read_the_command_lines_of_others, watch_the_home_folder, write_home, write_tmp, write_shared_memory,
    write_beside_the_model, write_the_program, append_to_the_model, empty_a_file_opened_for_reading, empty_a_file_by_name,
    nameless_file, make_a_folder, make_a_symbolic_link, make_a_hard_link, make_a_fifo, rename_a_file,
    open_the_key_to_everybody, change_the_owner, hide_a_message_in_file_times, hide_a_message_in_file_attributes,
    grow_a_file_in_memory, remove_a_file,
]  # fmt: skip

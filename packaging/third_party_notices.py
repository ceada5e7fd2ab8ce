"""Write THIRD-PARTY-NOTICES.md: what Strongroom is built from, by whom, under which licence, with the texts.

Reads requirements.lock for what belongs to the program and the installed distributions for what they say about
themselves; libraries inside wheels and the shipped files are named below by hand. Texts that are the same are
printed once. Run it with the project's own Python after the lock has changed: `make notices`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import cast

HERE = Path(__file__).resolve().parent
TOP = HERE.parent
OUTPUT = HERE / "THIRD-PARTY-NOTICES.md"
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)[^/]*$|/licenses/", re.IGNORECASE)
# Packages that the lock names for other systems only, so that they are not installed where this runs.
ELSEWHERE = {"colorama": "BSD-3-Clause", "pywin32-ctypes": "BSD-3-Clause"}


@dataclass(frozen=True)
class Part:
    """Something of somebody else's that Strongroom carries; `texts` maps a title to a licence text."""

    name: str
    licence: str
    where: str
    texts: dict[str, str] = field(default_factory=dict)


def _text(*path: str) -> str:
    return TOP.joinpath(*path).read_text(encoding="utf-8")


def _licence(name: str) -> str:
    return _text("packaging", "licences", f"{name}.txt")


def shipped() -> list[Part]:
    """Files in resources/ and libraries that come inside wheels without a licence text of their own."""
    apache = {"Apache-2.0": _text("LICENSE")}
    lgpl = {"LGPL-3.0": _licence("LGPL-3.0"), "GPL-3.0": _licence("GPL-3.0")}
    return [
        Part("Inter, Inter Display", "OFL-1.1", "resources/fonts", {"OFL-1.1": _text("resources", "fonts", "Inter-OFL.txt")}),
        Part("JetBrains Mono", "OFL-1.1", "resources/fonts", {"OFL-1.1": _text("resources", "fonts", "JetBrainsMono-OFL.txt")}),
        Part(
            "SCOWL word list",
            "LicenseRef-SCOWL",
            "resources/names",
            {"LicenseRef-SCOWL": _text("resources", "names", "SCOWL-LICENCE.txt")},
        ),
        Part("Lucide icons", "ISC AND MIT", "resources/icons", {"ISC": _text("resources", "icons", "Lucide-LICENSE.txt")}),
        Part("SmolLM2-135M-Instruct", "Apache-2.0", "resources/models", apache),
        Part("all-MiniLM-L6-v2", "Apache-2.0", "resources/models", apache),
        Part("llama.cpp, ggml", "MIT", "inside llama-cpp-python", {"MIT": _licence("llama.cpp")}),
        Part("Qt 6", "LGPL-3.0-only", "inside PySide6-Essentials, as separate libraries that can be replaced", lgpl),
        Part("SQLCipher", "BSD-3-Clause", "inside sqlcipher3", {"BSD-3-Clause": _licence("SQLCipher")}),
        Part("SQLite", "public domain", "inside sqlcipher3"),
        Part("OpenSSL 3", "Apache-2.0", "inside sqlcipher3 and cryptography", apache),
        Part("ONNX Runtime", "MIT", "inside xberg", {"MIT": _licence("onnxruntime")}),
        Part("libaom", "BSD-2-Clause", "inside xberg", {"BSD-2-Clause": _licence("libaom")}),
        Part("libheif", "LGPL-3.0-or-later", "inside xberg, as a separate library that can be replaced", lgpl),
    ]


def locked(lock: str) -> Iterator[tuple[str, str]]:
    """The names and versions a lock holds; a package locked twice for two systems comes twice."""
    for line in lock.splitlines():
        found = re.match(r"([a-z0-9][a-z0-9._-]*)==([^\s;]+)", line)
        if found and "sys_platform == 'emscripten'" not in line:  # a system that Strongroom does not run on
            yield found[1], found[2]


def _licence_name(package: Distribution) -> str:
    about = cast(Message, package.metadata)
    classifiers = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or [] if each.startswith("License")]
    short = (about.get("License") or "").strip().splitlines()
    return about.get("License-Expression") or (short[0] if short else "") or ", ".join(classifiers) or "see its text"


def installed(name: str) -> Part | None:
    """A package as it describes itself, or None where it is not installed."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return None
    texts = {}
    for file in package.files or []:
        if ".dist-info/" in str(file) and LICENCE_FILE.search(str(file)):
            texts[file.name] = Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
    return Part(name, _licence_name(package), f"version {package.version}", texts)


def parts() -> list[Part]:
    """Everything, shipped files first; exits with a message when the environment is not the one of the lock."""
    found = shipped()
    for name, version in dict(locked(_text("requirements.lock"))).items():
        part = installed(name)
        if part is None and name not in ELSEWHERE:
            sys.exit(f"{name} is in requirements.lock and not installed here; run this with 'make notices'")
        found.append(part or Part(name, ELSEWHERE[name], f"version {version}, not on this system"))
    return found


def render(all_parts: list[Part]) -> str:
    """The document: one table, then each different text once with the names of those it belongs to."""
    lines = [
        "# Third-party notices",
        "",
        "Strongroom is licensed under the Apache License 2.0 (LICENSE). It is built from these parts.",
        "",
    ]
    lines += ["| part | licence | where |", "|---|---|---|"]
    owners: dict[str, list[str]] = {}
    for part in all_parts:
        lines.append(f"| {part.name} | {part.licence} | {part.where} |")
        for title, text in part.texts.items():
            owners.setdefault(text.strip(), []).append(f"{part.name} ({title})")
    lines += ["", "## Licence texts"]
    for text, names in owners.items():
        quoted = [line.rstrip() for line in text.splitlines()]
        lines += ["", f"### {', '.join(names)}", "", "````text", *quoted, "````"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    OUTPUT.write_text(render(parts()), encoding="utf-8")

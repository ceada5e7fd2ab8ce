"""Letters in which the details are marked, as in `{{person:Anna Harlow}}`, and how well hiding does on them.

Run as a program it prints the figures: `.venv/bin/python -m tests.engine.hiding.labelled_letters`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from engine.hiding.table import Table

FOLDERS = {"known": Path(__file__).parent / "letters", "unseen": Path(__file__).parent / "unseen_letters"}
_MARK = re.compile(r"\{\{([a-z_]+):(.*?)\}\}", re.DOTALL)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Letter:
    """A letter without its marks, and the spans that were marked."""

    name: str
    text: str
    marked: tuple[tuple[int, int, str], ...]


def letters(folder: str) -> list[Letter]:
    return [_letter(path) for path in sorted(FOLDERS[folder].glob("*.txt"))]


def _letter(path: Path) -> Letter:
    parts, marked, length, done = [], [], 0, 0
    source = path.read_text(encoding="utf-8")
    for mark in _MARK.finditer(source):
        before = source[done : mark.start()]
        length += len(before)
        marked.append((length, length + len(mark[2]), mark[1]))
        parts += [before, mark[2]]
        length += len(mark[2])
        done = mark.end()
    return Letter(path.stem, "".join(parts) + source[done:], tuple(marked))


@dataclass
class Figures:
    """Details in all and hidden, by kind; words that are nobody's detail, in all and hidden all the same."""

    marked: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    n_words: int = 0
    n_hidden_words: int = 0
    missed: list[str] = field(default_factory=list)
    too_much: list[str] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        kinds = kinds or tuple(self.marked)
        return sum(self.hidden[kind] for kind in kinds) / max(1, sum(self.marked[kind] for kind in kinds))

    @property
    def over_hiding(self) -> float:
        return self.n_hidden_words / self.n_words


def measured(folder: str) -> Figures:
    """A detail counts as hidden when no letter or digit of it can be seen."""
    figures = Figures()
    for letter in letters(folder):
        text = letter.text
        covered = bytearray(len(text))
        shift = 0
        hidden = Table().learn([text]).hide(text)
        for place, original in zip(hidden.places, hidden.originals, strict=True):
            start = place.start + shift
            covered[start : start + len(original)] = b"\1" * len(original)
            shift += len(original) - (place.end - place.start)
        belongs = bytearray(len(text))
        for start, end, kind in letter.marked:
            figures.marked[kind] += 1
            belongs[start:end] = b"\1" * (end - start)
            if all(covered[at] for at in range(start, end) if text[at].isalnum()):
                figures.hidden[kind] += 1
            else:
                figures.missed.append(f"{letter.name}: {kind} {text[start:end]!r}")
        for word in _WORD.finditer(text):
            if not any(belongs[word.start() : word.end()]):
                figures.n_words += 1
                if any(covered[word.start() : word.end()]):
                    figures.n_hidden_words += 1
                    figures.too_much.append(f"{letter.name}: {text[max(0, word.start() - 20) : word.end() + 20]!r}")
    return figures


def main() -> None:
    for folder in FOLDERS:
        figures = measured(folder)
        print(f"{folder} letters: {len(letters(folder))}")
        for kind, number in sorted(figures.marked.items()):
            print(f"  {kind:14} {figures.hidden[kind]:4} of {number:4}  {figures.recall(kind):.3f}")
        print(f"  all kinds      recall {figures.recall():.3f}")
        print(f"  over-hiding    {figures.n_hidden_words} of {figures.n_words} words, {figures.over_hiding:.4f}")
        for line in figures.missed:
            print("  missed  ", line)
        for line in figures.too_much:
            print("  too much", line)


if __name__ == "__main__":
    main()

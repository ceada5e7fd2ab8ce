"""Figures of the store, beside the same rows in the same SQLite without encryption. Run: python tests/bench/bench_store.py

The plain half is sqlcipher3 without a key and with the same pragmas, written as bare SQL in a process of its own: the
ratio is the price of encryption and of our layers together. Each figure is the median of three runs.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

N_PAGES, N_PASSAGES, N_SEARCHES, N_DRAFTS, ORIGINAL_BYTES = 1158, 4000, 100, 200, 64 << 20
PAGES_AT_ONCE = 16
QUESTIONS = ["What is the penalty for late delivery?", "termination notice period", "liability of the seller"]


def words(seed: int, n: int) -> str:
    """Text with a long tail of rare words, as real text has."""
    numbers = np.random.default_rng(seed).zipf(1.3, n) % 20_000
    known = ["penalty", "late", "delivery", "termination", "notice", "period", "liability", "seller"]
    return " ".join(known[number] if number < len(known) else f"word{number}" for number in numbers.tolist())


def pages() -> list[str]:
    return [words(seed, 450) for seed in range(N_PAGES)]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def spans(text: str, n: int) -> list[tuple[int, int]]:
    step = len(text) // n
    return [(place * step, min((place + 1) * step + 80, len(text))) for place in range(n)]


# ---------------------------------------------------------------- the store
def through_the_store(folder: Path) -> dict[str, float]:
    from engine.paths import Profile
    from engine.store.keys import Stretching
    from engine.store.store import Store

    figures = {"stretch a passphrase": timed(lambda: Stretching.today().key("correct horse"))}
    Stretching.today = classmethod(lambda _: Stretching(b"s" * 16, 64, 1, 1))  # type: ignore[method-assign,assignment]
    profile = Profile(folder / "profile")
    Store.open(profile, protection="passphrase", passphrase="p").close()
    start = time.perf_counter()
    store = Store.open(profile, protection="passphrase", passphrase="p")
    figures["open a store"] = time.perf_counter() - start
    matter = store.matter(store.matters.create("bench").id)
    original = os.urandom(ORIGINAL_BYTES)
    figures["keep an original"] = timed(lambda: matter.documents.add("large.bin", "", original))
    document, _ = matter.documents.add("a.pdf", "application/pdf", b"%PDF")
    figures |= putting(matter, document.id)
    figures |= looking(matter)
    figures["remove a document"] = timed(lambda: matter.documents.remove(document.id))
    store.close()
    return figures


def putting(matter: Any, document: Any) -> dict[str, float]:
    from engine.documents.passages import NewPassage
    from engine.records import Page

    made = [Page(document, number, text, "text", "", 595.0, 842.0) for number, text in enumerate(pages(), start=1)]
    per_page, left = -(-N_PASSAGES // N_PAGES), N_PASSAGES
    batches = []
    for first in range(0, N_PAGES, PAGES_AT_ONCE):
        batch = made[first : first + PAGES_AT_ONCE]
        stretches = [(page, start, end) for page in batch for start, end in spans(page.text, per_page)][:left]
        left -= len(stretches)
        batches.append((batch, [NewPassage(page.number, a, z, "", page.text[a:z]) for page, a, z in stretches]))

    def put() -> None:
        for batch, passages in batches:
            matter.documents.put_pages(document, batch)
            matter.passages.put(document, passages)

    figures = {"put pages and passages": timed(put)}
    ids = [passage.id for passage in matter.passages.without_vector(N_PASSAGES)]
    vectors = np.random.default_rng(0).normal(size=(len(ids), 384)).astype(np.float32)
    figures["put vectors"] = timed(lambda: matter.passages.put_vectors(ids, vectors))
    return figures


def looking(matter: Any) -> dict[str, float]:
    figures = {"load vectors": timed(matter.passages.vectors)}
    ids, _, _ = matter.passages.vectors()
    matter.passages.search_words(QUESTIONS[0])
    searches = [timed(lambda n=n: matter.passages.search_words(QUESTIONS[n % 3])) for n in range(N_SEARCHES)]
    figures["search by words"] = statistics.median(searches)
    figures["search by words, slowest"] = max(searches)
    figures["get 10 passages"] = statistics.median(timed(lambda n=n: matter.passages.get(ids[n : n + 10])) for n in range(50))
    figures["list documents"] = statistics.median(timed(matter.documents.list) for _ in range(20))
    set_draft = matter.conversations.set_draft
    figures["keep a draft"] = timed(lambda: [set_draft(None, "d" * n) for n in range(N_DRAFTS)]) / N_DRAFTS
    large = matter.documents.list()[0].id
    figures["read an original"] = timed(lambda: [None for _ in matter.documents.original_chunks(large)])
    return figures


# ---------------------------------------------------------------- the same in the clear
def in_the_clear(folder: Path) -> dict[str, float]:
    from sqlcipher3 import dbapi2 as sqlcipher

    connection = sqlcipher.connect(folder / "plain.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-8000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    execute, many = connection.execute, connection.executemany
    execute("CREATE TABLE originals (document, place, content, PRIMARY KEY (document, place))")
    execute("CREATE TABLE pages (id INTEGER PRIMARY KEY, number INTEGER UNIQUE, text TEXT)")
    execute("CREATE TABLE passages (id INTEGER PRIMARY KEY, page INTEGER, start INTEGER, stop INTEGER)")
    execute("CREATE TABLE vectors (passage INTEGER PRIMARY KEY, numbers BLOB)")
    execute("CREATE TABLE draft (id INTEGER PRIMARY KEY, text TEXT)")
    execute(
        "CREATE VIRTUAL TABLE words USING fts5(t, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')"
    )
    figures: dict[str, float] = {}

    def transaction(work: Callable[[], object]) -> None:
        execute("BEGIN IMMEDIATE")
        work()
        execute("COMMIT")

    piece = os.urandom(1 << 20)
    rows = [("d", place, piece) for place in range(ORIGINAL_BYTES >> 20)]
    keep = "INSERT INTO originals VALUES (?, ?, ?)"
    figures["keep an original"] = timed(
        lambda: (transaction(lambda: many(keep, rows)), execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    )
    texts, per_page = pages(), -(-N_PASSAGES // N_PAGES)

    def put() -> None:
        number = 0
        for first in range(0, N_PAGES, PAGES_AT_ONCE):
            batch = list(enumerate(texts[first : first + PAGES_AT_ONCE], start=first + 1))
            transaction(lambda batch=batch: many("INSERT INTO pages (number, text) VALUES (?, ?)", batch))
            found = [(page, *span, text) for page, text in batch for span in spans(text, per_page)]
            numbered = list(enumerate(found[: max(0, N_PASSAGES - number)], start=number + 1))
            number += len(numbered)

            def insert(numbered: list[Any] = numbered) -> None:
                many("INSERT INTO passages VALUES (?, ?, ?, ?)", [(n, page, a, b) for n, (page, a, b, _) in numbered])
                many(
                    "INSERT INTO words (rowid, t) VALUES (?, ?)", [(n, "a.pdf\n" + text[a:b]) for n, (_, a, b, text) in numbered]
                )

            transaction(insert)

    figures["put pages and passages"] = timed(put)
    vector = np.random.default_rng(0).normal(size=384).astype(np.float16).tobytes()
    numbered = [(n, vector) for n in range(1, N_PASSAGES + 1)]
    figures["put vectors"] = timed(lambda: transaction(lambda: many("INSERT INTO vectors VALUES (?, ?)", numbered)))
    figures["load vectors"] = timed(lambda: execute("SELECT passage, numbers FROM vectors ORDER BY passage").fetchall())
    find = "SELECT rowid, bm25(words) FROM words WHERE words MATCH ? ORDER BY rank LIMIT 50"
    asked = ["penalty OR late OR delivery", "termination OR notice OR period", "liability OR seller"]
    execute(find, (asked[0],)).fetchall()
    searches = [timed(lambda n=n: execute(find, (asked[n % 3],)).fetchall()) for n in range(N_SEARCHES)]
    figures["search by words"] = statistics.median(searches)
    figures["search by words, slowest"] = max(searches)
    draft = "INSERT OR REPLACE INTO draft VALUES (1, ?)"
    figures["keep a draft"] = timed(lambda: [execute(draft, ("d" * n,)) for n in range(N_DRAFTS)]) / N_DRAFTS
    figures["read an original"] = timed(lambda: [0 for _ in execute("SELECT content FROM originals ORDER BY place")])
    connection.close()
    return figures


HALVES = {"store": through_the_store, "plain": in_the_clear}


def run(half: str) -> dict[str, float]:
    """One half in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, half, folder]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    runs = {half: [run(half) for _ in range(3)] for half in HALVES}
    medians = {
        half: {name: statistics.median(each[name] for each in figures) for name in figures[0]} for half, figures in runs.items()
    }
    print(f"{N_PAGES} pages, {N_PASSAGES} passages, original of {ORIGINAL_BYTES >> 20} MB; milliseconds, median of 3\n")
    print(f"{'':28}{'store':>10}{'plain':>10}{'ratio':>8}")
    for name, seconds in medians["store"].items():
        plain = medians["plain"].get(name)
        beside = f"{plain * 1e3:10.2f}{seconds / plain:8.2f}" if plain else ""
        print(f"{name:28}{seconds * 1e3:10.2f}{beside}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(HALVES[sys.argv[1]](Path(sys.argv[2]))))
    else:
        main()

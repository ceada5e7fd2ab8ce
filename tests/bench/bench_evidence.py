"""How well checking tells true sentences from falsified ones, and how long it takes.

Run: python -m tests.bench.bench_evidence build/documents/policy.pdf [sentences a row, default 300]
Rows below the line are falsified: whatever is accepted there (exact or near) is a wrong answer shown as proven.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from engine.documents.evidence import AnswerChecker, GivenPassage
from engine.documents.pdf_text import open_pdf, read_pages
from engine.records import DocumentId
from tests.bench import labelled_quotes as change

SHOWN = ("exact", "near", "altered", "not_found")
PAGES_GIVEN = 20


def main(pdf: Path, n: int) -> None:
    pages = {page.number: page.text for page in read_pages(open_pdf(pdf.name, pdf.read_bytes()))}
    chance = random.Random(20)
    readable = [number for number, text in pages.items() if len(list(change.sentences_of(text))) >= 2]
    groups = [chance.sample(readable, PAGES_GIVEN) for _ in range(6)]
    vocabulary = change.vocabulary_of(list(pages.values()))
    everything = [sentence for number in readable for sentence in change.sentences_of(pages[number])]
    true = [
        change.unchanged,
        change.reflowed,
        change.marked_up,
        change.quoted_part,
        change.aside_dropped,
        change.clause_moved,
        change.misread,
    ]
    false = [
        change.number_changed, change.negation_inserted, change.negation_removed, change.modal_exchanged, change.opposite,
        change.two_words_exchanged, change.word_replaced(vocabulary), change.word_inserted(vocabulary),
        change.condition_dropped, change.spliced(everything),
    ]  # fmt: skip
    print("| change | n | exact | near | altered | not found | accepted | CPU ms a sentence |\n|---|---|---|---|---|---|---|---|")
    checkers = [_checker(pages, group) for group in groups]
    for each in true:
        _row(each, groups, checkers, pages, n, chance)
    accepted = [_row(each, groups, checkers, pages, n, chance) for each in false]
    accepted.append(_foreign_row(groups, checkers, pages, readable, n, chance))
    print(f"\nfalse sentences accepted: {sum(a for a, _ in accepted)} of {sum(of for _, of in accepted)}")


def _checker(pages: dict[int, str], group: Sequence[int]) -> AnswerChecker:
    given = [GivenPassage(DocumentId("d"), "policy.pdf", number, 0, len(pages[number]), pages[number]) for number in group]
    return AnswerChecker(given, lambda _, page: pages[page])


def _row(
    apply: change.Change,
    groups: list[list[int]],
    checkers: list[AnswerChecker],
    pages: dict[int, str],
    n: int,
    chance: random.Random,
) -> tuple[int, int]:
    claims: list[tuple[int, str, str]] = []
    places = [(g, s) for g, group in enumerate(groups) for number in group for s in change.sentences_of(pages[number])]
    chance.shuffle(places)
    for g, sentence in places:
        changed = apply(sentence, chance)
        if (changed is not None and changed != sentence) or apply is change.unchanged:
            claims.append((g, changed or sentence, sentence))
    return _report(apply.__qualname__.partition(".")[0], claims[:n], checkers)


def _foreign_row(
    groups: list[list[int]],
    checkers: list[AnswerChecker],
    pages: dict[int, str],
    readable: list[int],
    n: int,
    chance: random.Random,
) -> tuple[int, int]:
    claims: list[tuple[int, str, str]] = []
    for g, group in enumerate(groups):
        here = " ".join(" ".join(pages[number].split()) for number in group)
        elsewhere = [s for number in readable if number not in group for s in change.sentences_of(pages[number])]
        claims += [(g, s, "") for s in elsewhere if " ".join(s.split()).rstrip(".") not in here]
    chance.shuffle(claims)
    return _report("of other pages", claims[:n], checkers)


def _report(name: str, claims: Sequence[tuple[int, str, str]], checkers: list[AnswerChecker]) -> tuple[int, int]:
    verdicts: Counter[str] = Counter()
    started = time.process_time()
    for g, claim, original in claims:
        verdict = _verdict(checkers[g], claim)
        verdicts[verdict] += 1
        if "-v" in sys.argv:
            print(f"    {verdict}\n      {' '.join(claim.split())}\n      {' '.join(original.split())}")
    took = (time.process_time() - started) * 1000 / max(1, len(claims))
    n_accepted = verdicts["exact"] + verdicts["near"]
    counts = " | ".join(str(verdicts[verdict]) for verdict in SHOWN)
    print(f"| {name.replace('_', ' ')} | {len(claims)} | {counts} | {n_accepted} | {took:.2f} |", flush=True)
    return n_accepted, len(claims)


def _verdict(checker: AnswerChecker, claim: str) -> str:
    """The worst verdict among the pieces of the claim."""
    sentences = [s for s in checker.feed(claim.strip() + "\n\n" + "-" * 70 + "\n") if s.checkable]
    verdicts = [s.evidence[0].verdict if s.evidence else "not_found" for s in sentences]
    return max(verdicts, key=SHOWN.index, default="not_found")


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "-v"]
    main(Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 300)

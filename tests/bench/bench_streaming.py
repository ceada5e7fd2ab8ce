"""How long the window is busy for each update of an answer that streams in: `python tests/bench/bench_streaming.py`.

A 20,000-character answer with headings, lists, tables, code and checked sentences arrives in 100 pieces. Printed are
milliseconds of the window's thread an update (parsing, laying out, painting, events) for the answer view and, in the
same run, for plain text appended to a QPlainTextEdit, and their ratio. Ends with 1 if an update of the mixed answer
takes 50 ms or longer (median of three runs); the other shapes are the hardest there are, one open block each.

What was imported is frozen out of Python's garbage collection first: else one full collection in some hundred updates
walks through all of it and adds about 15 ms, more on a busy machine.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop.theme import Theme
from desktop.views.ask import AskView
from engine import events
from engine.records import Sentence
from tests.desktop import ask_stage as stage
from tests.desktop.answer_samples import evidence, split
from tests.desktop.recording import RecordingBridge

LENGTH, PIECE, LIMIT_MS, RUNS = 20_000, 200, 50.0, 3
PART = """## What the lease says

The tenant must give the landlord **at least six months' written notice** before the break date. Time is of the
essence: late notice has no effect. Rent was `paid in full` at the break date.

- Notice must be *in writing*. It must name the break date.
- It must be served under clause 14.2. Electronic mail is not enough.
   1. First class post counts. It counts from the second day.

| Clause | What it asks for | Days |
|---|:-:|--:|
| 6.1 | Written notice to the landlord. | 180 |
| 6.2 | All rent paid at the break date. | 0 |

```
if notice_given < break_date:
    effect = None
```

"""
SHAPES = {
    "mixed": PART,
    "one list": "- Notice must be in writing. It must name the break date and be served in time.\n",
    "one paragraph": "The tenant must give the landlord **six months' notice** before the date. ",
    "one table": "| 6.1 | Written notice to the landlord. | 180 |\n",
    "one code block": "    effect = notice_given < break_date  # late\n",
}
STARTS = {"one table": "| a | b | c |\n|---|---|---|\n", "one code block": "```\n"}


def answer(shape: str) -> str:
    part = SHAPES[shape]
    return (STARTS.get(shape, "") + part * (LENGTH // len(part) + 1))[:LENGTH]


def checked(text: str) -> list[Sentence]:
    """Every sentence with a verdict, each fourth without support."""
    return [
        Sentence(start, end, text[start:end], () if at % 4 == 3 else (evidence(at * 10),), at % 4 != 3)
        for at, (start, end) in enumerate(split(text))
    ]


def updates_of_the_view(application: QApplication, theme: Theme, text: str) -> Iterator[float]:
    bridge = RecordingBridge()
    view = AskView(bridge, theme)
    view.resize(1192, 812)
    view.show()
    stage.open_matter(bridge)
    view.model.write("What notice?")
    view.model.ask()
    wish = stage.begin_answer(bridge)
    application.processEvents()
    body = view.conversation.views[-1].body
    waiting = checked(text)
    for start in range(0, len(text), PIECE):
        bridge.send(events.AnswerGrew(wish.request, text[start : start + PIECE]))
        while waiting and waiting[0].end <= start + PIECE:
            bridge.send(events.SentenceChecked(wish.request, waiting.pop(0)))
        yield timed(application, body.show_now)
    view.close()
    view.deleteLater()
    application.processEvents()


def updates_of_plain_text(application: QApplication, text: str) -> Iterator[float]:
    edit = QPlainTextEdit()
    edit.resize(560, 700)
    edit.show()
    for start in range(0, len(text), PIECE):
        yield timed(application, lambda at=start: edit.appendPlainText(text[at : at + PIECE]))
    edit.close()


def timed(application: QApplication, update: Callable[[], object]) -> float:
    started = time.thread_time()  # of the window's thread alone: a busy machine must not count
    update()
    application.processEvents()
    return (time.thread_time() - started) * 1000


def main() -> int:
    application = QApplication(sys.argv[:1])
    theme = Theme(application, "light")
    gc.collect()
    gc.freeze()
    longest_mixed = 0.0
    for shape in SHAPES:
        text = answer(shape)
        runs = [list(updates_of_the_view(application, theme, text)) for _ in range(RUNS)]
        plain = [list(updates_of_plain_text(application, text)) for _ in range(RUNS)]
        longest = statistics.median(max(run) for run in runs)
        median, median_plain = (statistics.median(each for run in kind for each in run) for kind in (runs, plain))
        late = statistics.median(statistics.median(run[-10:]) for run in runs)
        print(
            f"{shape:15} ms an update: median {median:5.1f}  last tenth {late:5.1f}  longest {longest:5.1f}   "
            f"plain text {median_plain:4.2f}   ratio {median / median_plain:5.1f}"
        )
        if shape == "mixed":
            longest_mixed = longest
    return int(longest_mixed >= LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())

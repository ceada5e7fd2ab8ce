"""Pictures of the Ask view for the eye, from a real window: python tests/desktop/ask_pictures.py FOLDER"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.views.ask import AskView
from desktop.widgets.card import Panel
from engine import events
from engine.records import DocumentId, ModelId, ModelState
from tests.desktop import ask_stage as stage
from tests.desktop.recording import RecordingBridge


class Frame(QWidget):
    """The window around the view: a sidebar's width, the toolbar, the status bar's height."""

    def __init__(self, theme: Theme, view: AskView, width: int, height: int) -> None:
        super().__init__()
        self.resize(width, height)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        side = Panel(theme, "sidebar", edge="right")
        side.setFixedWidth(248 if width >= 1120 else 56)
        row.addWidget(side)
        column = QVBoxLayout()
        column.setSpacing(0)
        bar = Panel(theme, "canvas", edge="bottom")
        bar.setFixedHeight(56)
        inside = QHBoxLayout(bar)
        inside.setContentsMargins(24, 0, 20, 0)
        inside.addWidget(view.toolbar)
        column.addWidget(bar)
        column.addWidget(view, 1)
        foot = Panel(theme, "sidebar", edge="top")
        foot.setFixedHeight(32)
        column.addWidget(foot)
        row.addLayout(column, 1)


def settle(application: QApplication, rounds: int = 30) -> None:
    import time

    for _ in range(rounds):
        application.processEvents()
        time.sleep(0.01)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    theme = Theme(application, "light")
    for choice, width, height in (("light", 1440, 900), ("dark", 1440, 900), ("light", 1024, 640), ("dark", 1024, 640)):
        theme.choose(choice, text_size=100, reduced_motion=False)
        play(application, theme, folder / f"{choice}-{width}", width, height)
    theme.choose("light", text_size=200, reduced_motion=False)
    play(application, theme, folder / "light-200", 1024, 640)


def play(application: QApplication, theme: Theme, name: Path, width: int, height: int) -> None:
    bridge = RecordingBridge()
    view = AskView(bridge, theme)
    frame = Frame(theme, view, width, height)
    frame.setPalette(application.palette())
    frame.show()

    def take(what: str) -> None:
        settle(application)
        frame.grab().save(f"{name}-{what}.png")

    take("0-no-matter")
    stage.open_matter(bridge)
    take("1-empty")
    stage.open_conversation(bridge)
    view.composer.text.setPlainText("Draft a short note to the client about the rent point.")
    settle(application)
    view.open_citation(1)
    settle(application)
    stage.show_page(bridge)
    view.focus_composer()
    take("2-answer")
    view.model.ask()
    wish = stage.begin_answer(bridge)
    bridge.send(events.AnswerProgress(wish.request, "reading", 300, 900, stage.Reading(4, 9, 31)))
    take("3-reading")
    text = (
        "The break notice was served in time. Clause 6.2 also requires all rent to be paid at the break date. "
        "The file does not show whether the March quarter"
    )
    bridge.send(
        events.AnswerProgress(wish.request, "writing", reading=stage.Reading(4, 9)), events.AnswerGrew(wish.request, text)
    )
    bridge.send(events.SentenceChecked(wish.request, stage.sentence(text, text[:100], stage.evidence(120, quote=stage.QUOTE))))
    take("4-writing")
    view.open_citation(3)
    settle(application)
    stage.show_page(bridge)
    take("5-altered")
    from engine.errors import WorkerDied

    bridge.send(events.Failed(wish.request, WorkerDied("chat", -9, True), None))
    take("6-failed")
    view.model.viewer.close()
    take("7-closed")
    rich(view, bridge)
    take("7-rich")
    text_page(view, bridge)
    take("7-text-page")
    view.model.viewer.close()
    view.new_conversation()
    bridge.send(
        events.ModelStateChanged(
            ModelState(
                "failed",
                ModelId("qwen"),
                "Qwen3 8B",
                problem="model_damaged",
                problem_facts={"model": "Qwen3 8B", "reason": "truncated"},
            )
        )
    )
    take("8-model-failed")
    bridge.send(events.DocumentChanged(stage.document(DocumentId("x"), "x.pdf", status="reading")))
    frame.close()
    frame.deleteLater()


RICH = (
    "## What the lease says\n\nThe tenant must give **six months' notice**. It must name the *break date*.\n\n"
    "1. Notice must be in writing, and what is meant by writing goes on over the end of this line so that it wraps.\n"
    "2. It is served under `clause 14.2`.\n   - First class post counts.\n   - Mail does not.\n\n"
    "> Time shall be of the essence.\n\n| Clause | What it asks for | Days |\n|---|---|--:|\n| 6.1 | Written notice. | 180 |\n"
    "| 6.2 | All rent paid. | 0 |\n\n```\nif notice < break_date:\n    effect = None\n```\n\nSee [the lease](http://example.org/x).\n"
)


def rich(view: AskView, bridge: RecordingBridge) -> None:
    """An answer with every kind of block."""
    sentences = [
        stage.sentence(RICH, words, *found)
        for words, found in (
            ("The tenant must give **six months' notice**.", (stage.evidence(1),)),
            ("It must name the *break date*.", ()),
            ("First class post counts.", (stage.evidence(9, verdict="near"),)),
            ("Written notice.", (stage.evidence(20), stage.evidence(44, page=9))),
            ("Time shall be of the essence.", (stage.evidence(60, verdict="altered"),)),
        )
    ]
    stage.open_conversation(
        bridge, stage.asked(), stage.answered("a9", RICH, tuple(sentences), reading=stage.Reading(4, 9, 31, 2))
    )


def text_page(view: AskView, bridge: RecordingBridge) -> None:
    """A page of a format without pictures."""
    view.open_citation(1)
    text = "Break clause\n\n" + stage.QUOTE * 3 + "\n\nAnother paragraph of the mail."
    page = stage.Page(view.model.viewer.document, view.model.viewer.page, text, "text")
    start = len("Break clause\n\n") + len(stage.QUOTE)
    bridge.send(events.PageShown(page, 32, None, ((start, start + len(stage.QUOTE)),)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

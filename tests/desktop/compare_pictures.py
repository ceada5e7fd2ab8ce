"""Pictures of the compare screen in a real window, to be looked at beside the design.

Run it on a display: python -m tests.desktop.compare_pictures FOLDER [SCENE …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.views.compare import CompareView
from engine import compare_events as happened
from engine import events
from engine.errors import KeyRefused
from engine.settings import Settings
from tests.desktop import compare_samples as samples
from tests.desktop.recording import RecordingBridge

Scene = Callable[[CompareView, RecordingBridge], object]
SHORT_OF_CLAUDE = """1. On 12 September [Person 1] complained of a delayed repair.

2. It was first reported on 3 June.

3. Visits on 17 June and 8 July did not take"""


def ask(view: CompareView, bridge: RecordingBridge, n: int = 3, *, blind: bool = False) -> None:
    view.model.votes.choose(samples.SUMMARIES)
    bridge.send(happened.Tallied(samples.tally()))
    view.model.set_number(n)
    for place, choice in enumerate((samples.QWEN, samples.GPT, samples.CLAUDE)[:n]):
        view.model.choose(place, choice)
    view.model.set_blind(blind)
    view.model.attach(samples.COMPLAINT, included=True)
    view.composer.text.setPlainText(samples.QUESTION)
    view.composer.compare.click()


def setup(view: CompareView, _bridge: RecordingBridge) -> None:
    view.model.attach(samples.COMPLAINT, included=True)
    view.composer.text.setPlainText(samples.QUESTION)


def no_key(view: CompareView, bridge: RecordingBridge) -> None:
    bridge.send(happened.ProvidersListed((), ()))
    bridge.send(events.ModelsListed(samples.models()[1:]))


def confidential(view: CompareView, bridge: RecordingBridge) -> None:
    bridge.send(*samples.a_day_of_comparing(confidential=True)[5:7])
    view.model.set_number(3)


def waiting(view: CompareView, bridge: RecordingBridge) -> None:
    ask(view, bridge)
    wish = samples.last_wish(bridge)
    bridge.send(
        samples.prepared(wish), samples.started(wish, 0), *samples.ended(wish, samples.answer(0, samples.QWEN, samples.QWEN_SAYS))
    )


def writing(view: CompareView, bridge: RecordingBridge) -> None:
    """As in the design: two have finished, one is being written."""
    waiting(view, bridge)
    wish = samples.last_wish(bridge)
    bridge.send(samples.started(wish, 1), samples.started(wish, 2))
    bridge.send(*samples.ended(wish, samples.answer(1, samples.GPT, samples.GPT_SAYS)))
    bridge.send(happened.PaneGrew(wish.request, 2, SHORT_OF_CLAUDE))


def reading(view: CompareView, bridge: RecordingBridge) -> None:
    ask(view, bridge, 2)
    wish = samples.last_wish(bridge)
    bridge.send(samples.prepared(wish), samples.started(wish, 0), happened.PaneProgress(wish.request, 0, "reading", 400, 1000))
    bridge.send(samples.started(wish, 1, "sending"), happened.PaneProgress(wish.request, 1, "thinking", 1204))


def voted(view: CompareView, bridge: RecordingBridge) -> None:
    ask(view, bridge)
    samples.everything_answered(bridge, approved=samples.EPOCH)
    view.model.vote_for(0)


def differences(view: CompareView, bridge: RecordingBridge) -> None:
    ask(view, bridge)
    samples.everything_answered(bridge, approved=samples.EPOCH)
    view.votes.differs.click()


def failed(view: CompareView, bridge: RecordingBridge) -> None:
    ask(view, bridge)
    wish = samples.last_wish(bridge)
    bridge.send(samples.prepared(wish), *(samples.started(wish, at) for at in range(3)))
    ended = (
        samples.answer(0, samples.QWEN, samples.QWEN_SAYS),
        samples.failed(1, samples.GPT),
        samples.claude_answer(2, answered_by="claude-haiku-4-5", cost=samples.Cost(None, "unknown", 5_000_000)),
    )
    bridge.send(*samples.ended(wish, *ended), samples.kept(wish, *ended))


def blind(view: CompareView, bridge: RecordingBridge) -> None:
    bridge.send(happened.ProvidersListed((*samples.providers(), samples.own_server()), ()))
    view.model.setup.set_number(4)
    ask(view, bridge, 4, blind=True)
    samples.everything_answered(bridge, approved=samples.EPOCH, order=(1, 0, 3, 2))


def blind_waiting(view: CompareView, bridge: RecordingBridge) -> None:
    ask(view, bridge, 3, blind=True)
    wish = samples.last_wish(bridge)
    bridge.send(samples.prepared(wish, order=(2, 0, 1)), samples.started(wish, 0))
    bridge.send(*samples.ended(wish, samples.answer(0, samples.QWEN, samples.QWEN_SAYS)))


def table(view: CompareView, bridge: RecordingBridge) -> None:
    voted(view, bridge)
    view.tally.as_table.click()


def refused(view: CompareView, bridge: RecordingBridge) -> None:
    ask(view, bridge)
    wish = samples.last_wish(bridge)
    bridge.send(happened.ComparisonRefused(wish.request, KeyRefused("OpenAI", "api.openai.com", 401)))


def consent(view: CompareView, bridge: RecordingBridge) -> None:
    """The sheet over the screen, as in the design."""
    waiting(view, bridge)
    view.prompt.review.click()


def four(view: CompareView, bridge: RecordingBridge) -> None:
    """Four answers with their names: the narrowest panes."""
    bridge.send(happened.ProvidersListed((*samples.providers(), samples.own_server()), ()))
    ask(view, bridge, 4)
    samples.everything_answered(bridge, approved=samples.EPOCH)
    view.votes.equal.click()


def long(view: CompareView, bridge: RecordingBridge) -> None:
    """A long prompt, long answers with tables and code, no vote set."""
    view.model.set_number(2)
    view.composer.text.setPlainText(samples.QUESTION * 12)
    view.composer.compare.click()
    wish = samples.last_wish(bridge)
    text = samples.GPT_SAYS * 6 + "\n| Date | What |\n| --- | --- |\n| 3 June | report |\n\n```\nx = 1\n```\n"
    ended = (samples.answer(0, wish.panes[0], text), samples.answer(1, wish.panes[1], text, stop_reason="token_limit"))
    bridge.send(samples.prepared(wish), samples.started(wish, 0), samples.started(wish, 1))
    bridge.send(*samples.ended(wish, *ended), samples.kept(wish, *ended))


SCENES: dict[str, Scene] = {
    "setup": setup,
    "no-key": no_key,
    "confidential": confidential,
    "waiting": waiting,
    "writing": writing,
    "reading": reading,
    "voted": voted,
    "differences": differences,
    "failed": failed,
    "blind": blind,
    "blind-waiting": blind_waiting,
    "table": table,
    "refused": refused,
    "consent": consent,
    "four": four,
    "long": long,
}
SIZES = {"wide": (1440, 900, 100), "small": (1024, 640, 100), "large-text": (1440, 900, 150), "largest-text": (1024, 640, 200)}


def main(folder: Path, scenes: list[str]) -> None:
    """Write one picture for each scene, size and theme."""
    application = QApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(application, "light")
    for size, (width, height, text_size) in SIZES.items():
        for name in ("light", "dark"):
            for scene in scenes or SCENES:
                bridge = RecordingBridge()
                window = MainWindow(bridge, theme)
                window.resize(width, height)
                window.show()
                settings = Settings(theme=name, text_size=text_size, first_run_done=True)  # type: ignore[arg-type]
                bridge.send(*samples.a_day_of_comparing(), events.SettingsChanged(settings))
                window.show_screen("compare")
                QApplication.processEvents()
                SCENES[scene](window.compare, bridge)
                QTest.qWait(120)
                window.grab().save(str(folder / f"{scene}-{size}-{name}.png"))
                window.close()
                window.deleteLater()
                QTest.qWait(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

"""Pictures of the models screen in a real window, to be looked at beside the design.

Run it on a display: python -m tests.desktop.models_pictures FOLDER [SCENE …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.theme import Theme
from desktop.views.models import ModelsView
from engine import events, model_events
from engine.errors import HubRefused, NoRoom
from engine.model_records import CatalogueEdition, ModelCheck
from engine.records import ModelId
from engine.settings import Settings
from tests.desktop.model_samples import (
    CLOSED,
    a_day_with_models,
    download,
    fit,
    found_models,
    model,
    models,
    offers,
    repositories,
)
from tests.desktop.recording import RecordingBridge, a_day_at_work

Scene = Callable[[ModelsView, RecordingBridge], object]


def downloading(view: ModelsView, _bridge: RecordingBridge) -> None:
    view.list.row_of(("download", "d1")).click()


def offer(view: ModelsView, _bridge: RecordingBridge) -> None:
    view.show_offer("qwen3-30b-a3b")


def unknown(view: ModelsView, _bridge: RecordingBridge) -> None:
    view.show_offer("granite-4-tiny")


def installed(view: ModelsView, _bridge: RecordingBridge) -> None:
    view.show_model(ModelId("g4"))


def crowded(view: ModelsView, bridge: RecordingBridge) -> None:
    """Thirty models, long names, downloads in every phase, one that failed."""
    name = "A model with a rather long name, number {n}"
    many = [model(f"m{n}", name.format(n=n), 4.0 + n / 10, fit("tight", 6.0 + n / 10)) for n in range(30)]
    bridge.send(events.ModelsListed((*models(), *many)))
    long = "A download whose name does not end where anybody would expect it to, instruct, version 2.1"
    facts = NoRoom("/home/anna/models", 5_030_000_000, 1_200_000_000, True).facts
    why = {"problem": "no_room", "problem_facts": facts}
    failed = download("d4", "failed", 0.4, name="Mistral Small 24B", model="mistral-small-24b", **why)
    bridge.send(
        model_events.DownloadChanged(download("d2", "retrying", 0.21, name=long, model="qwen3-30b-a3b")),
        model_events.DownloadChanged(download("d3", "verifying", 1.0, name="Granite 4 Tiny", model="granite-4-tiny")),
        model_events.DownloadChanged(failed),
        model_events.DownloadChanged(download("d5", "waiting", 0.0, name="Llama 3.3 70B", model="llama-3.3-70b")),
    )
    view.filters.shown.choose("installed")
    view.model.filter(shown="installed")
    view.model.select(("download", "d4"))
    row = view.list.row_of(("download", "d3"))
    QApplication.processEvents()
    view._scroll.ensureWidgetVisible(row)


def damaged(view: ModelsView, bridge: RecordingBridge) -> None:
    facts = {"model": "Gemma 3 4B", "reason": "wrong_checksum"}
    broken = model("g4", "Gemma 3 4B", 3.3, fit("fits_well", 4.4), problem="model_damaged", problem_facts=facts, can_repair=True)
    bridge.send(events.ModelsListed((models()[0], broken)))
    bridge.send(model_events.ModelChecked(ModelCheck(ModelId("g4"), False, "0" * 64, "1" * 64, 2, 38_000_000, True)))
    view.show_model(ModelId("g4"))


def search(view: ModelsView, _bridge: RecordingBridge) -> None:
    view.filters.field.setText("ministral 8b")


def results(view: ModelsView, bridge: RecordingBridge) -> None:
    view.filters.field.setText("ministral 8b")
    view.search.ask.click()
    wish = bridge.wishes[-1]
    bridge.send(model_events.HubSearched(wish.request, "huggingface.co", repositories()))
    view.list.row_of(("found", "meta-llama/Llama-Guard-GGUF")).click()
    view.details.look.click()
    asked = bridge.wishes[-1]
    refused = HubRefused("huggingface.co", "gated", 403)
    bridge.send(model_events.RepositoryShown(asked.request, asked.repository, error=refused))


def lock(view: ModelsView, bridge: RecordingBridge) -> None:
    bridge.send(model_events.NetworkChanged(CLOSED))
    view.show_offer("qwen3-30b-a3b")
    view.details.footer.download.click()


def found(view: ModelsView, bridge: RecordingBridge) -> None:
    view.gestures.find()
    bridge.send(model_events.ModelsFound(found_models()))


def empty(view: ModelsView, bridge: RecordingBridge) -> None:
    bridge.send(events.ModelsListed(()), model_events.DownloadRemoved(download().id))
    bare = tuple(one for one in offers() if not any(size.installed for size in one.sizes))
    bridge.send(model_events.OffersShown(CatalogueEdition("2026-11-20", 5, False), bare))


def working(view: ModelsView, bridge: RecordingBridge) -> None:
    bridge.send(model_events.LibraryProgress("verify", "Gemma 3 4B", 2_100_000_000, 3_300_000_000))
    view.show_model(ModelId("g4"))


SCENES: dict[str, Scene] = {
    "downloading": downloading,
    "offer": offer,
    "unknown": unknown,
    "installed": installed,
    "crowded": crowded,
    "damaged": damaged,
    "search": search,
    "results": results,
    "lock": lock,
    "found": found,
    "empty": empty,
    "working": working,
    "remove": lambda view, _bridge: view.gestures.remove(models()[1]),
    "export": lambda view, _bridge: view.gestures.export(),
    "add": lambda view, _bridge: view.add_file(Path("/home/anna/Downloads/Qwen3-4B-Instruct-2507-Q4_K_M.gguf")),
    "token": lambda view, _bridge: view.gestures.token(),
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
                window.show_screen("models")
                settings = Settings(theme=name, text_size=text_size, first_run_done=True)  # type: ignore[arg-type]
                bridge.send(*a_day_at_work(), *a_day_with_models(), events.SettingsChanged(settings))
                QApplication.processEvents()
                SCENES[scene](window.models, bridge)  # type: ignore[arg-type]
                QTest.qWait(80)
                window.grab().save(str(folder / f"{scene}-{size}-{name}.png"))
                window.close()
                window.deleteLater()
                QTest.qWait(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

"""What the models screen asks before it does something: adding, removing, moving, exporting, access tokens.

Each asks in a sheet over `over()`, and names what follows. Files are chosen in dialogs that leave no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.model_rows import comes_with_program
from desktop.viewmodels.models import ModelsModel
from desktop.views.add_model import AddModelSheet
from desktop.views.export_models import ExportSheet
from desktop.views.file_dialogs import leaving_no_trace
from desktop.views.found_models import FoundModelsSheet
from desktop.views.hub_token import TokenSheet
from desktop.views.open_lock import ask_to_open
from desktop.widgets.sheet import ConfirmSheet
from engine.model_events import ModelInUse
from engine.model_records import Download
from engine.records import Model, ModelId

translate = QCoreApplication.translate


class ModelGestures(QObject):
    """`over` says which widget the sheets lie over; it is asked each time, for the screen may be mounted late."""

    def __init__(self, theme: Theme, parent: QWidget, over: Callable[[], QWidget], model: ModelsModel) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parent = parent
        self._over = over
        self._model = model
        model.in_use.connect(self._ask_again)
        model.gate.asked.connect(lambda question: ask_to_open(theme, over(), model.gate, question))

    # ------------------------------------------------------------ adding
    def add_from_file(self) -> None:
        """Choose GGUF files, then how they shall be used."""
        kinds = translate("ModelGestures", "Model files (*.gguf);;All files (*)")
        title = translate("ModelGestures", "Add from a file")
        with leaving_no_trace():
            files, _ = QFileDialog.getOpenFileNames(self._parent, title, "", kinds)
        self.add_files([Path(file) for file in files])

    def add_files(self, files: Sequence[Path]) -> None:
        """Ask how these files shall be used."""
        if files:
            sheet = AddModelSheet(self._theme, self._over(), list(files))
            sheet.chosen.connect(lambda in_place: self._add(files, in_place=in_place))
            sheet.ask()

    def _add(self, files: Sequence[Path], *, in_place: bool) -> None:
        for file in files:
            self._model.library.add(file, in_place=in_place)

    def find(self) -> None:
        """Show what other programs have on this computer."""
        sheet = FoundModelsSheet(self._theme, self._over(), self._model.library)
        sheet.folder_wanted.connect(lambda: self._find_in_folder(sheet))
        sheet.ask()

    def _find_in_folder(self, sheet: FoundModelsSheet) -> None:
        folder = self._folder(translate("ModelGestures", "Look in a folder"))
        if folder is not None:
            sheet.look_in(folder)

    def import_bundle(self) -> None:
        folder = self._folder(translate("ModelGestures", "Import from a USB stick"))
        if folder is not None:
            self._model.library.import_bundle(folder)

    def import_catalogue(self) -> None:
        title = translate("ModelGestures", "Import a newer catalogue")
        with leaving_no_trace():
            file, _ = QFileDialog.getOpenFileName(self._parent, title, "", translate("ModelGestures", "Catalogue (*.json)"))
        if file:
            self._model.library.import_catalogue(Path(file))

    # ------------------------------------------------------------ what is there
    def remove(self, model: Model) -> None:
        """Say what is freed or left, and remove when that is confirmed."""
        if comes_with_program(model):
            self._model.remove(model.id)  # the engine keeps it, and says why
            return
        title = translate("ModelGestures", "Remove {name}?").format(name=model.name)
        words = translate("ModelGestures", "Its file is deleted, which frees {size}.")
        if model.can_repair:
            words = translate("ModelGestures", "Its file is deleted, which frees {size}. It can be downloaded again.")
        if model.is_in_place:
            words = translate(
                "ModelGestures", "It is taken from the list. Its file stays where it is, and other programs keep it."
            )
        sheet = ConfirmSheet(
            self._theme,
            self._over(),
            title,
            words.format(size=figures.size(model.n_bytes)),
            translate("ModelGestures", "Remove model"),
            kind="primary" if model.is_in_place else "danger",
        )
        sheet.confirmed.connect(lambda: self._model.remove(model.id))
        sheet.ask()

    def _ask_again(self, event: ModelInUse) -> None:
        """The engine found something that depends on the model."""
        model = self._model.model(event.model)
        name = model.name if model else event.model
        reasons = {
            "chosen_for_answers": translate(
                "ModelGestures", "It is the model chosen for answers. Without it, the starter model answers."
            ),
            "search_by_meaning": translate(
                "ModelGestures", "Search by meaning needs it. Without it, documents are found by their words only."
            ),
            "starter": translate("ModelGestures", "It is the starter model, which always works. It came with Strongroom."),
        }
        needed = [need for need in event.needed_by if need != "chosen_for_answers"]
        words = [reasons[need] for need in needed or event.needed_by]
        if event.is_loaded and not needed:
            words.append(translate("ModelGestures", "It is loaded now; an answer that is being written would stop."))
        title = translate("ModelGestures", "{name} stays") if needed else translate("ModelGestures", "{name} is in use")
        sheet = ConfirmSheet(
            self._theme,
            self._over(),
            title.format(name=name),
            "\n".join(words),
            translate("ModelGestures", "Remove it all the same"),
        )
        if needed:  # the program cannot do without it, so there is nothing to agree to
            sheet.confirm.hide()
            sheet.cancel.setText(translate("ModelGestures", "Close"))
        sheet.confirmed.connect(lambda: self._model.remove(event.model, even_if_used=True))
        sheet.ask()

    def cancel(self, download: Download) -> None:
        """Say what is thrown away; a download that has nothing yet is cancelled at once."""
        if download.n_done == 0:
            self._model.cancel(download.id)
            return
        title = translate("ModelGestures", "Cancel the download of {name}?").format(name=download.name)
        words = translate("ModelGestures", "The {size} that were fetched are deleted. Pause keeps them.")
        sheet = ConfirmSheet(
            self._theme,
            self._over(),
            title,
            words.format(size=figures.size(download.n_done)),
            translate("ModelGestures", "Cancel download"),
        )
        sheet.cancel.setText(translate("ModelGestures", "Go on"))
        sheet.confirmed.connect(lambda: self._model.cancel(download.id))
        sheet.ask()

    def show_where(self, model: Model) -> None:
        """Open the folder of the file in the system's own file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(model.file).parent)))

    def export(self, chosen: ModelId | None = None) -> None:
        """Choose models and a folder to carry them in."""
        sheet = ExportSheet(self._theme, self._over(), self._model.models or (), chosen)
        sheet.agreed.connect(self._export)
        sheet.ask()

    def _export(self, models: list[ModelId]) -> None:
        folder = self._folder(translate("ModelGestures", "Export to a folder"))
        if folder is not None:
            self._model.library.export(models, folder)

    def move(self) -> None:
        """Choose another folder, and say what happens before it does."""
        folder = self._folder(translate("ModelGestures", "Move models to a folder"))
        if folder is None:
            return
        models = [model for model in self._model.models or () if not model.is_in_place]
        words = translate(
            "ModelGestures",
            "{size} are copied to {folder} and compared; then the old files are deleted. It can be stopped at any time, and "
            "goes on from there. Downloads continue afterwards.",
        ).format(size=figures.size(sum(model.n_bytes for model in models)), folder=folder)
        sheet = ConfirmSheet(
            self._theme,
            self._over(),
            translate("ModelGestures", "Move your models?"),
            words,
            translate("ModelGestures", "Move models"),
            kind="primary",
        )
        sheet.confirmed.connect(lambda: self._model.library.move(folder))
        sheet.ask()

    def token(self) -> None:
        """Ask for an access token of the hub."""
        sheet = TokenSheet(self._theme, self._over(), self._model.hub.host, has_token=bool(self._model.has_token))
        sheet.given.connect(self._model.keep_token)
        sheet.ask()

    def _folder(self, title: str) -> Path | None:
        with leaving_no_trace():
            folder = QFileDialog.getExistingDirectory(self._parent, title)
        return Path(folder) if folder else None

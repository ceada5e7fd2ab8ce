"""Creating, renaming, marking and deleting matters and conversations, and removing documents.

What takes something away, be it data or a protection, asks in a sheet first.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.viewmodels.matter_rows import MatterRow
from desktop.viewmodels.window_model import WindowModel
from desktop.views.name_sheet import NameSheet
from desktop.widgets.sheet import ConfirmSheet
from engine.records import ConversationId, Document

translate = QCoreApplication.translate


class MatterGestures(QObject):
    """Sheets lie over `over`. What is destroyed for good is said before it is."""

    document_removal_confirmed = Signal(object)

    def __init__(self, theme: Theme, over: QWidget, model: WindowModel) -> None:
        super().__init__(over)
        self._theme = theme
        self._over = over
        self._model = model

    def create(self) -> None:
        """Ask for a name and start a matter."""
        note = translate("Matters", "A matter holds documents and conversations, encrypted with a key of its own.")
        sheet = NameSheet(
            self._theme, self._over, translate("Matters", "New matter"), translate("Matters", "Create matter"), note=note
        )
        sheet.named.connect(self._model.create_matter)
        sheet.ask()

    def rename(self, row: MatterRow) -> None:
        """Ask for another name."""
        is_matter = row.kind == "matter"
        title = translate("Matters", "Rename matter") if is_matter else translate("Matters", "Rename conversation")
        sheet = NameSheet(self._theme, self._over, title, translate("Matters", "Rename"), name=row.title)
        if is_matter:
            sheet.named.connect(lambda name: self._model.rename_matter(row.matter, name))
        else:
            key = ConversationId(row.key)
            sheet.named.connect(lambda name: self._model.rename_conversation(row.matter, key, name))
        sheet.ask()

    def delete(self, row: MatterRow) -> None:
        """Say what is lost, and delete when that is confirmed."""
        if row.kind == "matter":
            title = translate("Matters", "Delete the matter {name}?").format(name=row.title)
            lost = translate(
                "Matters",
                "Its key is destroyed, and with it every document and conversation in it. Nobody can bring them back. "
                "The original files stay where they are.",
            )
            sheet = ConfirmSheet(self._theme, self._over, title, lost, translate("Matters", "Delete matter"))
            sheet.confirmed.connect(lambda: self._model.delete_matter(row.matter))
        else:
            title = translate("Matters", "Delete the conversation {name}?").format(name=row.title)
            lost = translate("Matters", "Its questions and answers are deleted. The documents stay in the matter.")
            sheet = ConfirmSheet(self._theme, self._over, title, lost, translate("Matters", "Delete conversation"))
            key = ConversationId(row.key)
            sheet.confirmed.connect(lambda: self._model.delete_conversation(row.matter, key))
        sheet.ask()

    def mark_confidential(self, row: MatterRow) -> None:
        """Mark a matter at once; take the mark away only after saying what is then possible."""
        if not row.is_confidential:
            self._model.mark_confidential(row.matter, is_confidential=True)
            return
        title = translate("Matters", "Let texts of {name} be sent?").format(name=row.title)
        then = translate(
            "Matters",
            "The matter is no longer marked as confidential. Texts of it can then be sent in Compare, each after you have read "
            "it and chosen Send. Nothing is sent now.",
        )
        verb = translate("Matters", "Take the mark away")
        sheet = ConfirmSheet(self._theme, self._over, title, then, verb)
        sheet.confirmed.connect(lambda: self._model.mark_confidential(row.matter, is_confidential=False))
        sheet.ask()

    def remove_document(self, document: Document | None) -> None:
        """Say what is lost, and tell when the removal is confirmed."""
        if document is None:
            return
        title = translate("Matters", "Remove {name}?").format(name=document.name)
        lost = translate(
            "Matters",
            "The encrypted copy, its text and its index are deleted. The original file stays where it is. Answers that "
            "quote it keep their words, but its pages can no longer be opened.",
        )
        sheet = ConfirmSheet(self._theme, self._over, title, lost, translate("Matters", "Remove document"))
        sheet.confirmed.connect(lambda: self.document_removal_confirmed.emit(document))
        sheet.ask()

"""The documents of a matter: what is being read, a filter, a table, the document looked at, a place to drop files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.documents import ENDINGS, FORMATS, DocumentsModel
from desktop.views.document_panel import DocumentPanel
from desktop.views.drop_cover import release_words
from desktop.views.file_dialogs import leaving_no_trace
from desktop.views.reading_card import ReadingCard
from desktop.widgets.button import Button, IconButton
from desktop.widgets.card import Card
from desktop.widgets.drop_zone import DropZone
from desktop.widgets.field import Field
from desktop.widgets.scroll_area import ScrollArea
from desktop.widgets.segmented import Choice, Segmented
from desktop.widgets.side_panel import SidePanelArea
from desktop.widgets.table import Table
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_SHORT = 500  # design pixels of height below which the drop zone makes way
_WIDTHS = (76, 250, 96, 128)  # pages, status, size, added


class DocumentsView(SidePanelArea):
    """A page: `toolbar` goes into the window's toolbar row. `ask_about` carries document ids, `remove_wanted` one."""

    ask_about = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, model: DocumentsModel, theme: Theme) -> None:
        self.model = model
        content = QWidget()
        self.details = DocumentPanel(theme, model)
        super().__init__(theme, ScrollArea(content), self.details, 304)
        self.setAccessibleName(translate("DocumentsView", "Documents"))
        self.toolbar = _Toolbar(theme, model)
        self.reading = ReadingCard(theme, model)
        self.filter = Segmented(
            theme,
            translate("DocumentsView", "Show documents"),
            [
                Choice("all", translate("DocumentsView", "All")),
                Choice("ready", translate("DocumentsView", "Ready")),
                Choice("in_progress", translate("DocumentsView", "In progress")),
                Choice("needs_you", translate("DocumentsView", "Needs you")),
            ],
        )
        filter_words = translate("DocumentsView", "Filter by name")
        self.name_filter = Field(theme, filter_words, placeholder=filter_words, icon="search")
        self.table = Table(
            theme, translate("DocumentsView", "Documents"), model.table, widths=_WIDTHS, right=frozenset({1, 3}), keep=(0, 2)
        )
        self._nothing = Text(theme, translate("DocumentsView", "No document fits this filter."), color="text2")
        self.drop_zone = DropZone(
            theme,
            translate("DocumentsView", "Drop files or folders here"),
            translate("DocumentsView", "They are copied into this matter’s encrypted store. The originals are not changed."),
        )
        self.empty = DropZone(
            theme,
            translate("DocumentsView", "Drop files or folders here"),
            translate("DocumentsView", "{formats}. They are copied and encrypted; the originals are not changed.").format(
                formats=FORMATS
            ),
            large=True,
        )
        self.empty_add = Button(theme, translate("DocumentsView", "Add documents"), icon="plus", kind="primary", size="l")
        self._lay_out(theme, content)
        self._connect()
        self._show_counts()

    def _lay_out(self, theme: Theme, content: QWidget) -> None:
        self._filters = QWidget()
        self._filter_row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._filters)
        self._filter_row.setContentsMargins(0, 0, 0, 0)
        self._filter_row.addWidget(self.filter)
        self._filter_row.addStretch(1)
        self._filter_row.addWidget(self.name_filter)
        self.name_filter.setMaximumWidth(theme.px(200))
        self._card = Card(theme)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(1, 4, 1, 6)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(self._nothing, 0, Qt.AlignmentFlag.AlignHCenter)
        self.empty.body.addSpacing(8)
        self.empty.body.addWidget(self.empty_add, 0, Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addWidget(self.reading)
        column.addWidget(self._filters)
        column.addWidget(self._card, 1)
        column.addWidget(self.empty, 1)
        column.addStretch(0)
        column.addWidget(self.drop_zone)

    def _connect(self) -> None:
        model = self.model
        model.counts_changed.connect(self._show_counts)
        model.detail_changed.connect(self._show_selection)
        self.toolbar.add.clicked.connect(self.add_documents)
        self.toolbar.details.clicked.connect(self.toggle_viewer)
        self.empty_add.clicked.connect(self.add_documents)
        self.filter.chosen.connect(model.table.show_group)
        self.filter.chosen.connect(lambda _key: self._show_counts())
        self.name_filter.textChanged.connect(model.table.show_names_with)
        self.name_filter.textChanged.connect(lambda _text: self._show_counts())
        self.table.selectionModel().currentRowChanged.connect(self._select)
        self.table.clicked.connect(lambda _index: self.show_panel(self.model.selected is not None))
        model.table.modelReset.connect(self._restore_selection)
        self.details.close_wanted.connect(self._close_panel)
        self.details.ask_wanted.connect(lambda: self.ask_about.emit((model.selected,)))
        self.details.remove_wanted.connect(lambda: self.remove_wanted.emit(model.document))
        self.panel_shown.connect(self.toolbar.show_details_open)

    # ------------------------------------------------------------ page protocol
    def focus_first(self) -> None:
        """The table, or the button that adds documents."""
        has_documents = self.model.table.n_documents > 0
        (self.table if has_documents else self.empty_add).setFocus(Qt.FocusReason.TabFocusReason)
        if has_documents and not self.table.currentIndex().isValid() and self.model.table.rowCount():
            self.table.setCurrentIndex(self.model.table.index(0, 0))

    def toggle_viewer(self) -> None:
        """Show or hide the details."""
        if self.is_panel_shown:
            self._close_panel()
        elif self.model.selected is None:
            self.focus_first()
            self.show_panel(self.model.selected is not None)
        else:
            self.show_panel(True)

    def add_documents(self) -> None:
        """Ask for files and add them."""
        endings = " ".join(f"*.{ending}" for ending in ENDINGS)
        kinds = [translate("DocumentsView", "Documents") + f" ({endings})", translate("DocumentsView", "All files") + " (*)"]
        with leaving_no_trace():
            files, _ = QFileDialog.getOpenFileNames(self, translate("DocumentsView", "Add documents"), "", ";;".join(kinds))
        self.model.add([Path(file) for file in files])

    def show_document(self, document: str) -> None:
        """Choose a document in the table, whatever the filter says now."""
        if self.model.table.row_of(document) is None:  # type: ignore[arg-type]
            self.filter.choose("all")
            self.name_filter.clear()
            self.model.table.show_group("all")
            self._show_counts()
        row = self.model.table.row_of(document)  # type: ignore[arg-type]
        if row is not None:
            self.table.setCurrentIndex(self.model.table.index(row, 0))
            self.show_panel(True)

    def show_files_over(self, n_files: int) -> None:
        """Say what letting go would do; 0 when the files are gone."""
        words = release_words(n_files)
        self.drop_zone.show_files_over(words)
        self.empty.show_files_over(words)

    # ------------------------------------------------------------ showing
    def _show_counts(self) -> None:
        table = self.model.table
        has_documents = table.n_documents > 0
        for widget in (self._filters, self._card):
            widget.setVisible(has_documents)
        self._show_drop_zone()
        self.empty.setVisible(not has_documents)
        self.toolbar.show_counts()
        for key in ("ready", "in_progress", "needs_you"):
            self.filter.set_count(key, table.groups[key])
        self.filter.set_count("all", table.n_documents)
        rows = table.rowCount()
        self._nothing.setVisible(rows == 0)
        header = self.table.horizontalHeader().height()
        wanted = header + max(1, rows) * self.theme.size("row") + 12
        self._card.setMaximumHeight(wanted + (self._nothing.sizeHint().height() if rows == 0 else 0))

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_card"):
            self.name_filter.setMaximumWidth(self.theme.px(200))
            self._show_counts()
            self._fold_filters()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_filters()

    def place(self) -> None:
        super().place()
        if hasattr(self, "_filters"):
            self._fold_filters()

    def _fold_filters(self) -> None:
        """The name filter goes below the segments where both do not fit beside each other."""
        room = self.content.width() - 48
        beside = self.filter.sizeHint().width() + self.name_filter.minimumSizeHint().width() + 16 <= room
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._filter_row.direction() != direction:
            self._filter_row.setDirection(direction)
        self._show_drop_zone()

    def _show_drop_zone(self) -> None:
        """A short window gives the room to the table; files can be dropped anywhere all the same."""
        roomy = self.content.height() >= self.theme.px(_SHORT)
        self.drop_zone.setVisible(roomy and self.model.table.n_documents > 0)

    # ------------------------------------------------------------ choosing
    def _select(self, current: QModelIndex, _before: QModelIndex) -> None:
        document = self.model.table.document_at(current.row()) if current.isValid() else None
        if document is not None:
            self.model.select(document)

    def _restore_selection(self) -> None:
        row = self.model.table.row_of(self.model.selected) if self.model.selected else None
        if row is not None:
            self.table.setCurrentIndex(self.model.table.index(row, 0))

    def _show_selection(self) -> None:
        if self.model.document is None:
            self.show_panel(False)
        elif not self.is_overlay:
            self.show_panel(True)

    def _close_panel(self) -> None:
        had_focus = self.panel.isAncestorOf(self.focusWidget() or self)
        self.show_panel(False)
        if had_focus:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_panel_shown:
            self._close_panel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.model.selected is not None:
            self.show_panel(True)
        elif event.key() == Qt.Key.Key_Delete and self.model.document is not None:
            self.remove_wanted.emit(self.model.document)
        else:
            super().keyPressEvent(event)


class _Toolbar(QWidget):
    def __init__(self, theme: Theme, model: DocumentsModel) -> None:
        super().__init__()
        self._model = model
        self._title = Text(theme, "", "subtitle", elide=True)
        self._summary = Text(theme, "", "small", color="text2", elide=True)
        self.details = IconButton(theme, "panel-right", translate("DocumentsView", "Show details"))
        self.add = Button(theme, translate("DocumentsView", "Add documents"), icon="plus", kind="primary")
        self.add.set_hint(translate("DocumentsView", "Add documents (Ctrl O)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._title)
        row.addWidget(self._summary, 1)
        row.addWidget(self.add)
        row.addWidget(self.details)
        model.matter_changed.connect(self.show_counts)
        self.show_counts()

    def show_counts(self) -> None:
        self._title.setText(self._model.title)
        self._summary.setText(self._model.summary)
        has_documents = self._model.table.n_documents > 0
        self.add.setVisible(has_documents)  # without documents the large button in the page is the one to press
        self.details.setVisible(has_documents)

    def show_details_open(self, shown: bool) -> None:
        self.details.set_name(translate("DocumentsView", "Hide details") if shown else translate("DocumentsView", "Show details"))

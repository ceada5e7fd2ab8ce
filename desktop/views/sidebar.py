"""The sidebar: sign, search, screens, matters, settings and help. Narrow, it keeps icons and tooltips."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.matter_rows import MatterRow
from desktop.viewmodels.window_model import WindowModel
from desktop.views.jump_button import JumpButton
from desktop.views.matter_list import MatterList
from desktop.widgets.button import IconButton
from desktop.widgets.card import Panel
from desktop.widgets.mark import Sign
from desktop.widgets.navigation import NavigationItem
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_HIGHEST_ICON = 44
_NO_LIMIT = 16_777_215


class Sidebar(Panel):
    """Says which screen, matter or conversation is wanted; decides nothing."""

    screen_wanted = Signal(str)
    help_wanted = Signal()
    jump_wanted = Signal()
    new_matter_wanted = Signal()
    opened = Signal(object)
    rename_wanted = Signal(object)
    delete_wanted = Signal(object)
    confidential_wanted = Signal(object)

    def __init__(self, theme: Theme, model: WindowModel, parent: QWidget | None = None) -> None:
        super().__init__(theme, "sidebar", edge="right", parent=parent)
        self._model = model
        self._narrow = False
        self.setAccessibleName(translate("Sidebar", "Sidebar"))
        self.sign = Sign(theme)
        self._name = Text(theme, "Strongroom", "subtitle")
        self.jump = JumpButton(theme)
        self.items: dict[str, NavigationItem] = {
            "ask": NavigationItem(theme, translate("Sidebar", "Ask"), "message-square-text", shortcut="Ctrl 1"),
            "documents": NavigationItem(theme, translate("Sidebar", "Documents"), "files", shortcut="Ctrl 2"),
            "compare": NavigationItem(theme, translate("Sidebar", "Compare"), "columns-2", shortcut="Ctrl 3"),
            "ledger": NavigationItem(theme, translate("Sidebar", "Ledger"), "receipt-text", shortcut="Ctrl 5"),
            "models": NavigationItem(theme, translate("Sidebar", "Models"), "cpu", shortcut="Ctrl 6"),
            "settings": NavigationItem(theme, translate("Sidebar", "Settings"), "settings", shortcut="Ctrl ,"),
        }
        self.help = NavigationItem(theme, translate("Sidebar", "Help"), "circle-help", shortcut="F1", checkable=False)
        self._matters_title = Text(theme, translate("Sidebar", "Matters"), "smallb", color="text2")
        self.add_matter = IconButton(theme, "plus", translate("Sidebar", "New matter (Ctrl Shift N)"), size="s")
        self.matters = MatterList(theme, translate("Sidebar", "Matters and conversations"), model.rows)
        self._hint = Text(
            theme,
            translate("Sidebar", "A matter holds documents and conversations, encrypted with a key of its own."),
            "small",
            color="text2",
            wrap=True,
        )
        self._filler = QWidget()  # holds the place of the matters where the sidebar is narrow
        self._lay_out()
        self._connect()
        model.matters_changed.connect(self._show_hint)
        self._fit_width()
        self._show_hint()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setSpacing(2)
        head = QHBoxLayout()
        head.setContentsMargins(1, 0, 0, 0)
        head.setSpacing(10)
        head.addWidget(self.sign)
        head.addWidget(self._name, 1)
        self._column.addLayout(head)
        self._column.addSpacing(12)
        self._column.addWidget(self.jump)
        self._column.addSpacing(10)
        self._column.addWidget(self.items["ask"])
        self._column.addWidget(self.items["documents"])
        self._column.addWidget(self.items["compare"])
        self._column.addWidget(self.items["ledger"])
        self._column.addWidget(self.items["models"])
        self._column.addSpacing(14)
        self._title_row = QHBoxLayout()
        self._title_row.addWidget(self._matters_title, 1)
        self._title_row.addWidget(self.add_matter)
        self._column.addLayout(self._title_row)
        self._column.addWidget(self._hint)
        self._column.addWidget(self.matters, 1)
        self._column.addWidget(self._filler, 1)
        self._column.addWidget(self.items["settings"])
        self._column.addWidget(self.help)

    def _connect(self) -> None:
        for screen, item in self.items.items():
            item.clicked.connect(lambda _=False, screen=screen: self.screen_wanted.emit(screen))
        self.help.clicked.connect(self.help_wanted)
        self.jump.clicked.connect(self.jump_wanted)
        self.add_matter.clicked.connect(self.new_matter_wanted)
        self.matters.opened.connect(self.opened)
        self.matters.rename_wanted.connect(self.rename_wanted)
        self.matters.delete_wanted.connect(self.delete_wanted)
        self.matters.menu_wanted.connect(self._open_menu)

    # ------------------------------------------------------------ showing
    def show_screen(self, screen: str) -> None:
        """Mark the entry of the screen that is shown."""
        for name, item in self.items.items():
            item.setChecked(name == screen)

    def set_narrow(self, narrow: bool) -> None:
        """Icons only; the matters are then reached by search."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._fit_width()
            self._show_hint()

    @property
    def is_narrow(self) -> bool:
        return self._narrow

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_column"):
            self._fit_width()

    def _fit_width(self) -> None:
        narrow = self._narrow
        # Words may grow to twice their size; the sidebar does not, or nothing would be left for the page.
        widest = self.theme.size("sidebar_collapsed") if narrow else min(self.theme.size("sidebar"), 340)
        self.setFixedWidth(min(widest, 84) if narrow else widest)
        edge = 8 if narrow else 12
        self._column.setContentsMargins(edge, 13, edge + 1, 10)
        self.jump.set_narrow(narrow)
        for item in (*self.items.values(), self.help):
            item.set_narrow(narrow)
            # Icons alone need not be as high as large words, and all of them must fit into the smallest window.
            item.setMaximumHeight(min(self.theme.px(32), _HIGHEST_ICON) if narrow else _NO_LIMIT)
        for widget in (self._name, self._matters_title, self.matters):
            widget.setVisible(not narrow)
        self._filler.setVisible(narrow)
        self._title_row.setContentsMargins(9 if not narrow else 4, 0, 0, 2)

    def _show_hint(self) -> None:
        self._hint.setVisible(not self._narrow and not self._model.matters)
        self._hint.setContentsMargins(9, 4, 4, 0)

    def _open_menu(self, row: MatterRow, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = menu.addAction(self.theme.icon("pencil"), translate("Sidebar", "Rename"))
        delete = menu.addAction(self.theme.icon("trash-2", "danger_text"), translate("Sidebar", "Delete"))
        if row.kind == "matter":
            mark = QAction(self.theme.icon("lock", "local_text"), confidential_verb(row), menu)
            mark.triggered.connect(lambda: self.confidential_wanted.emit(row))
            menu.insertAction(delete, mark)
        rename.triggered.connect(lambda: self.rename_wanted.emit(row))
        delete.triggered.connect(lambda: self.delete_wanted.emit(row))
        menu.popup(place)


def confidential_verb(row: MatterRow) -> str:
    """What the menu of a matter offers: to mark it, or to take the mark away."""
    if row.is_confidential:
        return translate("Sidebar", "No longer confidential")
    return translate("Sidebar", "Mark as confidential")

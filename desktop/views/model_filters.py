"""Which models the list shows: installed or to be had, what fits, what may be used at work, a name."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.model_sections import Filters
from desktop.viewmodels.models import ModelsModel
from desktop.widgets.field import Field
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.segmented import Choice, Segmented

translate = QCoreApplication.translate


class ModelFilters(QWidget):
    """Changes the filters of the model at once."""

    def __init__(self, theme: Theme, model: ModelsModel) -> None:
        super().__init__()
        self._theme = theme
        self._model = model
        self.shown = Segmented(
            theme,
            translate("ModelFilters", "Show models"),
            [
                Choice("all", translate("ModelFilters", "All")),
                Choice("installed", translate("ModelFilters", "Installed")),
                Choice("catalogue", translate("ModelFilters", "Catalogue")),
            ],
        )
        self.fits = MenuButton(theme, icon="cpu", kind="secondary")
        self.at_work = MenuButton(theme, icon="scale", kind="secondary")
        words = translate("ModelFilters", "Find a model")
        self.field = Field(theme, words, placeholder=words, icon="search")
        self.field.setClearButtonEnabled(False)
        self.field.setMaxLength(200)
        self._menus()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._first = QWidget()
        first = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._first)
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(8)
        first.addWidget(self.shown)
        first.addSpacing(8)
        first.addWidget(self.fits)
        first.addWidget(self.at_work)
        first.addStretch(1)
        self._inner = first
        self._row.addWidget(self._first, 1)
        self._row.addWidget(self.field)
        self.shown.chosen.connect(lambda key: model.filter(shown=key))
        self.field.textChanged.connect(lambda text: model.filter(typed=text.strip()))
        self.field.returnPressed.connect(self._search)
        self.restyle_field()
        theme.changed.connect(self.restyle_field)

    def restyle_field(self) -> None:
        self.field.setMaximumWidth(self._theme.px(200))

    def _menus(self) -> None:
        show_all = translate("ModelFilters", "Show all")
        self._fill(
            self.fits,
            "fits",
            translate("ModelFilters", "Fits this computer"),
            {
                "any": show_all,
                "fits": translate("ModelFilters", "What can run"),
                "well": translate("ModelFilters", "What fits well"),
            },
        )
        self._fill(
            self.at_work,
            "at_work",
            translate("ModelFilters", "Commercial use"),
            {
                "any": show_all,
                "conditions": translate("ModelFilters", "Allowed, with conditions too"),
                "yes": translate("ModelFilters", "Allowed"),
            },
        )

    def _fill(self, button: MenuButton, field: str, name: str, choices: dict[str, str]) -> None:
        group = QActionGroup(button.choices)
        for value, words in choices.items():
            action = QAction(words, group)
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(lambda _=False, value=value: self._model.filter(**{field: value}))
            button.choices.addAction(action)
        button.setText(name)
        button.setProperty("filter_name", name)

    def _search(self) -> None:
        """Enter looks in the list, which has happened while typing; asking a hub takes its own row."""
        self._model.filter(typed=self.field.text().strip())

    def reset(self) -> None:
        """Show everything again."""
        self.field.clear()
        self.shown.choose("all")
        self._model.filter(shown="all", fits="any", at_work="any", typed="")

    def show_counts(self) -> None:
        """Counts and what is chosen, as they are now."""
        filters: Filters = self._model.filters
        self.shown.set_count("installed", self._model.n_installed)
        self.shown.set_count("catalogue", self._model.n_offers)
        self.shown.choose(filters.shown)
        for button, value in ((self.fits, filters.fits), (self.at_work, filters.at_work)):
            self._show_choice(button, value)

    def _show_choice(self, button: MenuButton, value: str) -> None:
        name: Any = button.property("filter_name")
        for action in button.choices.actions():
            action.setChecked(action.data() == value)
            if action.data() == value:
                is_narrow = value != "any"
                button.setText(action.text() if is_narrow else name)
                button.setAccessibleName(f"{name}: {action.text()}")

    def fold(self, room: int) -> None:
        """Stand below each other where there is no room: first the field, then the menus."""
        row = self._row.direction()
        menus = self.fits.sizeHint().width() + self.at_work.sizeHint().width() + 24
        segments = self.shown.sizeHint().width()
        beside = segments + menus + self.field.minimumSizeHint().width() + 16 <= room
        wanted = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if row != wanted:
            self._row.setDirection(wanted)
        inner = QBoxLayout.Direction.LeftToRight if segments + menus <= room else QBoxLayout.Direction.TopToBottom
        if self._inner.direction() != inner:
            self._inner.setDirection(inner)

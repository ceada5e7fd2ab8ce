"""The settings screen: parts at the left, the chosen part at the right, scrolled where it is long."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.costs_pages import CostsPages
from desktop.viewmodels.privacy import PrivacyModel
from desktop.viewmodels.providers import ProvidersModel
from desktop.viewmodels.settings import SettingsModel
from desktop.viewmodels.sources import SourcesModel
from desktop.views.help import KeyboardMap
from desktop.views.settings_about import AboutSettings
from desktop.views.settings_costs import CostsSettings
from desktop.views.settings_general import GeneralSettings
from desktop.views.settings_models import ModelSettings
from desktop.views.settings_privacy import PrivacySettings
from desktop.views.settings_providers import ProviderSettings
from desktop.widgets.card import Card, Panel
from desktop.widgets.mark import Mark
from desktop.widgets.navigation import NavigationItem
from desktop.widgets.scroll_area import ScrollArea
from desktop.widgets.text import Text

translate = QCoreApplication.translate
_WIDEST_LIST = 350  # what the list of parts may take from its pages as the text grows
_WIDEST = 920  # design pixels; longer lines are hard to read


class SettingsView(QWidget):
    """A page: `toolbar` goes into the window's toolbar row. Sheets lie over `over`."""

    def __init__(
        self,
        model: SettingsModel,
        privacy: PrivacyModel,
        providers: ProvidersModel,
        sources: SourcesModel,
        costs: CostsPages,
        theme: Theme,
        over: QWidget,
    ) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(translate("Settings", "Settings"))
        self.parts: dict[str, NavigationItem] = {
            "general": NavigationItem(theme, translate("Settings", "General"), "settings"),
            "privacy": NavigationItem(theme, translate("Settings", "Privacy"), "shield-check"),
            "providers": NavigationItem(theme, translate("Settings", "Other companies"), "building-2"),
            "models": NavigationItem(theme, translate("Settings", "Models and memory"), "memory-stick"),
            "costs": NavigationItem(theme, translate("Settings", "Costs"), "receipt-text"),
            "keyboard": NavigationItem(theme, translate("Settings", "Keyboard"), "command"),
            "about": NavigationItem(theme, translate("Settings", "About"), "info"),
        }
        pages: dict[str, QWidget] = {
            "general": GeneralSettings(model, theme),
            "privacy": PrivacySettings(model, privacy, theme, over),
            "providers": ProviderSettings(providers, theme, over),
            "models": ModelSettings(model, sources, theme),
            "costs": CostsSettings(costs, theme, over),
            "keyboard": _keyboard(theme),
            "about": AboutSettings(model, theme),
        }
        self._pages = pages
        self._places = list(pages)
        self._titles = {name: part.accessibleName() for name, part in self.parts.items()}
        self._crumb = Text(theme, "", "subtitle", elide=True)
        self.toolbar = self._make_toolbar(theme)
        self._list = Panel(theme, "canvas", edge="right")
        self._stack = QStackedLayout()
        self._lay_out()  # first: a stack that lies in no widget yet would show its first page as a window of its own
        for page in pages.values():
            self._stack.addWidget(ScrollArea(_centred(page, theme)))
        theme.changed.connect(self._fit)
        self._fit()
        self.show_part("general")

    def _make_toolbar(self, theme: Theme) -> QWidget:
        toolbar = QWidget()
        row = QHBoxLayout(toolbar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Text(theme, translate("Settings", "Settings"), "subtitle", color="text2"))
        row.addWidget(Mark(theme, "chevron-right"))
        row.addWidget(self._crumb, 1)
        return toolbar

    def _lay_out(self) -> None:
        parts = QWidget()
        inside = QVBoxLayout(self._list)
        inside.setContentsMargins(0, 0, 1, 0)
        inside.addWidget(ScrollArea(parts))  # large text makes the list longer than a small window
        column = QVBoxLayout(parts)
        column.setContentsMargins(12, 18, 12, 12)
        column.setSpacing(2)
        for name, part in self.parts.items():
            column.addWidget(part)
            part.clicked.connect(lambda _=False, name=name: self.show_part(name))
        column.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._list)
        row.addLayout(self._stack, 1)

    def _fit(self) -> None:
        self._list.setFixedWidth(min(self._theme.px(208), _WIDEST_LIST))

    def show_part(self, name: str) -> None:
        """Show general, privacy, providers, models, costs, keyboard or about; `costs:prices` shows a section of it."""
        name, _, section = name.partition(":")
        self._stack.setCurrentIndex(self._places.index(name))
        self._crumb.setText(self._titles[name])
        for other, part in self.parts.items():
            part.setChecked(other == name)
        if section and (show := getattr(self._pages[name], "show_section", None)) is not None:
            show(section)

    def focus_first(self) -> None:
        """The part that is shown."""
        chosen = next(part for part in self.parts.values() if part.isChecked())
        chosen.setFocus(Qt.FocusReason.TabFocusReason)


def _centred(page: QWidget, theme: Theme) -> QWidget:
    page.setMaximumWidth(theme.px(_WIDEST))
    outer = QWidget()
    row = QHBoxLayout(outer)
    row.setContentsMargins(28, 20, 28, 20)
    row.addWidget(page, 1)
    return outer


def _keyboard(theme: Theme) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    card = Card(theme)
    inside = QVBoxLayout(card)
    inside.setContentsMargins(20, 16, 20, 16)
    inside.addWidget(KeyboardMap(theme))
    column.addWidget(card)
    column.addStretch()
    return page

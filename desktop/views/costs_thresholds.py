"""Settings, Costs: how advice is decided, folded away until somebody asks; and how long single entries are kept."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.theme import Theme
from desktop.viewmodels.costs_thresholds import NAMES, ThresholdsModel
from desktop.views.costs_form import EDGES, FoldingRow, Section
from desktop.widgets.button import Button
from desktop.widgets.saved_field import SavedField
from desktop.widgets.setting_row import SettingRow
from desktop.wordings.costs_thresholds import threshold

translate = QCoreApplication.translate
_WIDTH = 110


class ThresholdSettings(Section):
    """Each figure with what it means; advice follows from them and from what was counted, from nothing else."""

    def __init__(self, theme: Theme, model: ThresholdsModel) -> None:
        super().__init__(theme, translate("Costs", "Advice and books"))
        self._model = model
        self._problems: dict[str, str] = {}
        self.fold = Button(theme, translate("Costs", "How advice is decided"), icon="chevron-down", kind="ghost")
        self.reset = Button(theme, translate("Costs", "Back to the defaults"), icon="rotate-ccw", kind="ghost")
        self.fields: dict[str, SavedField] = {}
        usable = translate("Costs", "Hours that the computer can work, in %")
        usable_note = translate("Costs", "Of all hours of a month. It limits how much work can be moved here.")
        keep = translate("Costs", "Months that single entries are kept")
        keep_note = translate("Costs", "From 13 to 240. After that the sums of the days stay, and the entries are deleted.")
        self.add(
            self._row(theme, "keep_months", keep, keep_note, "history"),
            self._row(theme, "usable_percent", usable, usable_note, "clock"),
            self._head(),
        )
        self._folded: list[QWidget] = []
        self.fold.clicked.connect(self._toggle)
        self.reset.clicked.connect(self._reset)
        model.costs.changed.connect(self._show)
        self._show()

    def _head(self) -> QWidget:
        head = FoldingRow(self._theme, self.fold, self.reset)
        head.setContentsMargins(EDGES[0] - 12, 6, EDGES[2] - 6, 6)
        return head

    def _row(self, theme: Theme, name: str, title: str, note: str, icon: str) -> SettingRow:
        field = SavedField(theme, title, translate("Costs", "Use"), width=_WIDTH)
        field.saved.connect(partial(self._use, name))
        self.fields[name] = field
        return SettingRow(theme, icon, title, note, field)

    # ------------------------------------------------------------ wishes
    def _use(self, name: str, typed: str) -> None:
        use = self._model.use if name in NAMES else self._model.use_whole
        self._problems[name] = use(name, typed)
        if not self._problems[name]:
            self.fields[name].field.setText(self._value(name))
        self._show()

    def _reset(self) -> None:
        self._model.reset()
        for name in NAMES:
            self._problems[name] = ""
            if name in self.fields:
                self.fields[name].field.setText(self._value(name))
        self.fold.setFocus()
        self._show()

    def _unfold(self) -> None:
        """Make the rows; few people ever look at them."""
        for name in NAMES:
            title, note = threshold(name)
            self._folded.append(self._row(self._theme, name, title, note, "scale"))
            self.card.layout().addWidget(self._folded[-1])

    def _toggle(self) -> None:
        if not self._folded:
            self._unfold()
            is_folded = True
        else:
            is_folded = self._folded[0].isHidden()
            for row in self._folded:
                row.setVisible(is_folded)
        self.fold.set_icon("chevron-up" if is_folded else "chevron-down")
        self._show()

    # ------------------------------------------------------------ showing
    def _value(self, name: str) -> str:
        return self._model.value(name) if name in NAMES else str(getattr(self._model.costs.ledger, name))

    def _show(self) -> None:
        for name, field in self.fields.items():
            field.show_value(self._value(name), self._problems.get(name, ""))
        self.reset.setVisible(self._model.are_own)

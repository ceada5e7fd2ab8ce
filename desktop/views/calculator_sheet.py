"""The calculator: a month's work with the API, on a rented server and on this computer, before anything is bought."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels.calculator import CalculatorModel
from desktop.views.calculator_result import CalculatorResult
from desktop.views.figure_field import FigureField
from desktop.views.price_finder import PriceFinder
from desktop.widgets.button import Button
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.sheet import Sheet
from desktop.widgets.text import Text
from desktop.wordings import calculator, ledger

translate = QCoreApplication.translate
_WORK = ("n_items", "prompt", "generated")
_PLACE = ("server", "computer", "n_months", "prompt_speed", "generate_speed", "power", "per_kwh", "usable_percent")
_COLUMN = 190  # design pixels that a field needs


class CalculatorSheet(Sheet):
    """`settings_wanted` (with the part) is emitted after it closed. It deletes itself."""

    settings_wanted = Signal(str)

    def __init__(self, theme: Theme, over: QWidget, model: CalculatorModel) -> None:
        super().__init__(theme, over, translate("Calculator", "What would it cost?"), width=860)
        self.model = model
        model.setParent(self)
        self.fields = {
            name: FigureField(theme, calculator.field(name), placeholder=calculator.hint(name)) for name in (*_WORK, *_PLACE)
        }
        self.preset = MenuButton(theme, "", icon="layers", kind="secondary")
        self.model_button = MenuButton(theme, "", icon="arrow-up-right", icon_color="outbound", kind="secondary")
        self.finder = PriceFinder(theme, model)
        self._speeds = Text(theme, "", "small", color="text2", wrap=True)
        self.result = CalculatorResult(theme)
        self.costs = Button(theme, translate("Calculator", "Prices and electricity"), icon="settings", kind="ghost", size="m")
        self.done = Button(theme, translate("Calculator", "Close"), size="m")
        self._grids: list[tuple[QGridLayout, list[QWidget]]] = []
        self._n_columns = 0
        self._lay_out()
        self._connect()
        self._show()

    # ------------------------------------------------------------ building
    def _lay_out(self) -> None:
        theme, body = self.theme, self.body
        about = translate("Calculator", "A plan before anything is bought or moved. It changes nothing and sends nothing.")
        body.addWidget(Text(theme, about, color="text2", wrap=True))
        body.addWidget(Text(theme, translate("Calculator", "The work"), "bodyb"))
        kinds = _titled(theme, translate("Calculator", "How long one of them is"), self.preset)
        model = _titled(theme, translate("Calculator", "Model to compare with"), self.model_button)
        self._add_grid([kinds, model, *(self.fields[name] for name in _WORK)])
        body.addWidget(self.finder)
        body.addWidget(self.result)
        body.addWidget(Text(theme, translate("Calculator", "The other ways"), "bodyb"))
        self._add_grid([self.fields[name] for name in _PLACE])
        body.addWidget(self._speeds)
        self.buttons.addWidget(self.costs)
        self.buttons.addStretch()
        self.buttons.addWidget(self.done)
        self.finder.hide()

    def _add_grid(self, parts: list[QWidget]) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        self._grids.append((grid, parts))
        self.body.addLayout(grid)

    def _connect(self) -> None:
        model = self.model
        for name, field in self.fields.items():
            field.typed.connect(lambda text, name=name: model.type(name, text))
            field.field.returnPressed.connect(model.calculate)
        self.preset.choices.aboutToShow.connect(self._fill_presets)
        self.model_button.clicked.disconnect()
        self.model_button.clicked.connect(self._toggle_finder)
        self.finder.chosen.connect(self._choose_model)
        self.costs.clicked.connect(self._leave_for_settings)
        self.done.clicked.connect(self.close_sheet)
        model.changed.connect(self._show)
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        self.model.begin()
        self.open_sheet(self.fields["n_items"].field)

    def _leave_for_settings(self) -> None:
        self.close_sheet()
        self.settings_wanted.emit("costs")

    # ------------------------------------------------------------ choosing
    def _fill_presets(self) -> None:
        menu = self.preset.choices
        if menu.isVisible():
            return
        menu.clear()
        group = QActionGroup(menu)
        for name, read, written in calculator.presets():
            text = translate("Calculator", "{name}: {read} read, {written} written")
            words = text.format(name=name, read=figures.number(read), written=figures.number(written))
            action = menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name == self.model.preset)
            action.triggered.connect(lambda _=False, read=read, written=written: self.model.choose_preset(read, written))
            group.addAction(action)

    def _toggle_finder(self) -> None:
        self.finder.setVisible(self.finder.isHidden())
        if not self.finder.isHidden():
            self.finder.field.setFocus()

    def _choose_model(self, model: str) -> None:
        self.model_button.setFocus()
        self.finder.hide()
        self.model.choose_model(model)

    # ------------------------------------------------------------ showing
    def _show(self) -> None:
        model = self.model
        for name, field in self.fields.items():
            field.show_text(model.texts[name], model.problems.get(name, ""))
        self.preset.setText(model.preset)
        self.preset.setAccessibleName(f"{translate('Calculator', 'How long one of them is')}: {model.preset}")
        name = ledger.model(model.model) if model.model else translate("Calculator", "Choose a model")
        self.model_button.setText(name)
        self.model_button.setAccessibleName(f"{translate('Calculator', 'Model to compare with')}: {name}")
        watts = translate("Calculator", "Without watts off a meter, 35 to 120 are taken, so this computer’s cost is a range.")
        self._speeds.setText(" ".join(filter(None, (model.speed_words, "" if model.texts["power"].strip() else watts))))
        self._speeds.setVisible(bool(self._speeds.text()))
        why_not = translate("Calculator", "Choose a model to compare with")
        if model.problems:
            why_not = translate("Calculator", "Correct what is marked, and the plan is worked out")
        self.result.show_calculation(model.calculation, why_not)

    def _place(self) -> None:
        width = min(self.theme.px(860), self.parentWidget().width() - 48) - 48
        n = max(1, min(3, (width + 16) // (self.theme.px(_COLUMN) + 16)))
        if n != self._n_columns:
            self._n_columns = n
            for grid, parts in self._grids:
                _arrange(grid, parts, n)
        super()._place()


def _arrange(grid: QGridLayout, parts: list[QWidget], n_columns: int) -> None:
    """Put the parts into so many columns, in reading order."""
    for part in parts:
        grid.removeWidget(part)
    for column in range(3):
        grid.setColumnStretch(column, 1 if column < n_columns else 0)
    for place, part in enumerate(parts):
        row, column = divmod(place, n_columns)
        grid.addWidget(part, row, column)


def _titled(theme: Theme, title: str, button: MenuButton) -> QWidget:
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(Text(theme, title, "smallb", color="text2", wrap=True))
    column.addWidget(button)
    column.addStretch(1)
    return part

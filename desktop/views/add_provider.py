"""A server of the organisation, or a company that is not in the list: its address, its models, and how it speaks.

The sheet stays open until the engine has kept what was entered, so that nothing has to be typed twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.providers import ProvidersModel
from desktop.views.told import Told
from desktop.widgets.button import Button
from desktop.widgets.field import Field
from desktop.widgets.segmented import Choice, Segmented
from desktop.widgets.setting_row import SettingCard, SettingRow
from desktop.widgets.sheet import Sheet
from desktop.widgets.switch import Switch
from desktop.widgets.text import Text
from desktop.wordings import providers_page
from engine.provider_records import DIALECTS, Provider, ProviderId, Quirk

translate = QCoreApplication.translate
_NEW = Provider(ProviderId(""), "", "openai", "", (), "", is_own=True)
_QUIRKS: tuple[Quirk, ...] = get_args(Quirk)
_LONGEST_FEE = 100.0  # per cent


class ServerSheet(Sheet):
    """`provider` None adds one. What was typed as a key is wiped; the sheet deletes itself when closed."""

    def __init__(self, theme: Theme, over: QWidget, model: ProvidersModel, provider: Provider | None = None) -> None:
        title = translate("Providers", "Add a server")
        if provider is not None:
            title = translate("Providers", "Change {name}").format(name=provider.name)
        super().__init__(theme, over, title, width=600)
        self._model = model
        self._provider = provider or _NEW
        self._is_new = provider is None
        self._told = Told(theme, "danger", "circle-alert")
        self.body.addWidget(self._told)
        self._add_fields()
        self._add_switches()
        self._add_advanced()
        self.cancel = Button(theme, translate("Providers", "Cancel"), size="m")
        verb = translate("Providers", "Add server") if self._is_new else translate("Providers", "Keep")
        self.keep = Button(theme, verb, kind="primary", size="m")
        self.buttons.addStretch()
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.keep)
        self._connect()
        self._fill()
        self._check()

    # ------------------------------------------------------------ building
    def _add_fields(self) -> None:
        self.name = self._field(translate("Providers", "Name"), translate("Providers", "Northmoor Council"))
        self.address = self._field(
            translate("Providers", "Address"),
            "https://models.example.org/v1",
            translate("Providers", "Text and key are sent to this host and no other. It must begin with https."),
        )
        self.models = self._field(
            translate("Providers", "Models"),
            "llama-3.3-70b-instruct",
            translate("Providers", "Their names as the server spells them, with commas between them."),
        )
        self.terms = self._field(
            translate("Providers", "How long texts are kept there"),
            translate("Providers", "Kept up to 30 days"),
            translate("Providers", "As your contract says. It is shown each time before something is sent."),
        )

    def _field(self, name: str, placeholder: str, note: str = "") -> Field:
        field = Field(self.theme, name, placeholder=placeholder)
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Text(self.theme, name, "bodym", wrap=True))
        column.addWidget(field)
        if note:
            field.setAccessibleDescription(note)
            column.addWidget(Text(self.theme, note, "small", color="text2", wrap=True))
        self.body.addWidget(part)
        return field

    def _add_switches(self) -> None:
        own, key = translate("Providers", "It belongs to your organisation"), translate("Providers", "It wants a key")
        self.is_own, self.needs_key = Switch(self.theme, own), Switch(self.theme, key)
        own_note = translate("Providers", "What is sent there leaves this computer all the same.")
        rows = [
            SettingRow(self.theme, "hard-drive", own, own_note, self.is_own),
            SettingRow(self.theme, "key-round", key, "", self.needs_key),
        ]
        self.body.addWidget(SettingCard(self.theme, rows))
        self.key = Field(
            self.theme, translate("Providers", "Key"), placeholder=translate("Providers", "Key"), secret=True, icon="key-round"
        )
        self.key.setMaxLength(2000)
        self.body.addWidget(self.key)

    def _add_advanced(self) -> None:
        self.fold = Button(self.theme, translate("Providers", "Advanced"), icon="chevron-down", kind="ghost")
        self.body.addWidget(self.fold)
        choices = [Choice(name, providers_page.dialect(name)) for name in DIALECTS]
        speaks = translate("Providers", "How it speaks")
        self.dialect = Segmented(self.theme, speaks, choices)
        self.fee = _Fee(self.theme, translate("Providers", "Added to each cost, in per cent"))
        rows = [
            SettingRow(self.theme, "message-square-text", speaks, "", self.dialect),
            SettingRow(
                self.theme,
                "receipt-text",
                translate("Providers", "Added to each cost"),
                translate("Providers", "In per cent, such as the fee of a reseller."),
                self.fee,
            ),
        ]
        self.quirks: dict[Quirk, Switch] = {}
        for name in _QUIRKS:
            title, note = providers_page.quirk(name)
            self.quirks[name] = Switch(self.theme, title)
            rows.append(SettingRow(self.theme, "settings", title, note, self.quirks[name]))
        self.advanced = SettingCard(self.theme, rows)
        self.advanced.hide()
        self.body.addWidget(self.advanced)

    def _connect(self) -> None:
        for field in (self.name, self.address, self.models, self.fee):
            field.textChanged.connect(self._check)
            field.returnPressed.connect(self._keep)
        self.needs_key.toggled.connect(self._show_key)
        self.fold.clicked.connect(self._toggle_advanced)
        self.cancel.clicked.connect(self.close_sheet)
        self.keep.clicked.connect(self._keep)
        self._model.changed.connect(self._show_problem)
        self._model.kept.connect(self._kept)
        self.closed.connect(self._wipe)

    # ------------------------------------------------------------ what is entered
    def ask(self) -> None:
        self.open_sheet(self.name)

    def _fill(self) -> None:
        before = self._provider
        self.name.setText(before.name)
        self.address.setText(before.base_url)
        self.models.setText(", ".join(before.models))
        self.terms.setText(before.terms)
        self.is_own.setChecked(before.is_own)
        self.needs_key.setChecked(before.needs_key and not self._is_new)
        self.dialect.choose(before.dialect)
        self.fee.setText(f"{before.fee_ppm / 10_000:g}" if before.fee_ppm else "")
        for name, switch in self.quirks.items():
            switch.setChecked(name in before.quirks)
        self._show_key()

    @property
    def entered(self) -> Provider:
        """What stands in the fields."""
        models = tuple(name for part in self.models.text().split(",") if (name := part.strip()))
        return replace(
            self._provider,
            name=self.name.text().strip(),
            base_url=self.address.text().strip(),
            models=models,
            terms=self.terms.text().strip(),
            is_own=self.is_own.isChecked(),
            needs_key=self.needs_key.isChecked(),
            dialect=next(name for name in DIALECTS if name == self.dialect.key),
            fee_ppm=round((self.fee.per_cent or 0) * 10_000),
            quirks=tuple(name for name, switch in self.quirks.items() if switch.isChecked()),
        )

    def _check(self) -> None:
        entered = self.entered
        if not (entered.name and entered.base_url and entered.models):
            self.keep.explain(translate("Providers", "Enter a name, an address and at least one model"))
        elif self.fee.per_cent is None:
            self.keep.explain(translate("Providers", "Enter the fee as a number from 0 to 100"))
        else:
            self.keep.explain("")

    def _show_key(self) -> None:
        """A key is asked for here only where a server is added; later there is a button of its own for it."""
        self.key.setVisible(self._is_new and self.needs_key.isChecked())

    def _toggle_advanced(self) -> None:
        self.advanced.setVisible(self.advanced.isHidden())
        self.fold.set_icon("chevron-down" if self.advanced.isHidden() else "chevron-up")

    # ------------------------------------------------------------ keeping
    def _keep(self) -> None:
        if self.keep.isEnabled() and not self._model.is_keeping:
            self._model.keep(self.entered)

    def _show_problem(self) -> None:
        problem = self._model.problem
        self._told.say(f"{problem.happened} {problem.to_do}" if problem else "", problem.title if problem else "")
        self.keep.explain(translate("Providers", "It is being kept") if self._model.is_keeping else "")
        if not self._model.is_keeping:
            self._check()

    def _kept(self, provider: Provider) -> None:
        key = self.key.text() if self._is_new and provider.needs_key else ""
        self.key.clear()
        self.close_sheet()
        self._model.keep_key(provider.id, key)

    def _wipe(self) -> None:
        self.key.clear()
        self._model.forget_problem()
        self.deleteLater()


class _Fee(Field):
    """A short field for per cent; empty is none."""

    @property
    def per_cent(self) -> float | None:
        """What is entered; None where it is no number from 0 to 100."""
        try:
            value = float(self.text().strip().replace(",", ".") or "0")
        except ValueError:
            return None
        return value if 0 <= value <= _LONGEST_FEE else None

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(84), self.theme.size("field"))

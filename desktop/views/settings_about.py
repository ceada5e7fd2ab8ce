"""Settings, About: version, licences, and the report about this computer."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QCoreApplication, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import Theme
from desktop.viewmodels.settings import SettingsModel
from desktop.widgets.button import Button
from desktop.widgets.card import Card
from desktop.widgets.setting_row import SettingCard, SettingRow
from desktop.widgets.text import Text

translate = QCoreApplication.translate


class AboutSettings(QWidget):
    """The report is made when asked for: it starts processes to see what the system enforces."""

    def __init__(self, model: SettingsModel, theme: Theme) -> None:
        super().__init__()
        self._model = model
        self.check = Button(theme, translate("Settings", "Check this computer"))
        self.copy = Button(theme, translate("Settings", "Copy report"), icon="copy")
        self._problems = Text(theme, "", wrap=True)
        self._report = Text(theme, "", "mono", color="text2", wrap=True)
        self._card = Card(theme)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self._problems, 1)
        head.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(head)
        inside.addWidget(self._report)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(SettingCard(theme, _rows(theme, self.check)))
        column.addWidget(self._card)
        column.addStretch()
        self.check.clicked.connect(model.check_computer)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(model.report_text))
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        checking = translate("Settings", "Looking at this computer. This takes some seconds.") if self._model.is_checking else ""
        self.check.explain(checking)
        report = self._model.report
        self._card.setVisible(report is not None)
        if report is None:
            return
        found = "\n".join(report.problems)
        self._problems.setText(found or translate("Settings", "Everything that Strongroom needs was found."))
        self._problems.set_color("caution_text" if found else "local_text")
        self._report.setText(self._model.report_text)


def _rows(theme: Theme, check: Button) -> list[SettingRow]:
    return [
        SettingRow(
            theme,
            "vault",
            translate("Settings", "Strongroom {version}").format(version=_own_version()),
            translate("Settings", "Qt {qt}. Licensed under Apache 2.0.").format(qt=qVersion()),
        ),
        SettingRow(
            theme,
            "scale",
            translate("Settings", "Licences of others"),
            translate(
                "Settings",
                "Qt and PySide6 (LGPL 3), llama.cpp (MIT), SQLCipher (BSD), PDFium (BSD and Apache 2.0), Inter and "
                "JetBrains Mono (OFL 1.1), Lucide (ISC). All of them with their full texts: packaging/THIRD-PARTY-NOTICES.md.",
            ),
        ),
        SettingRow(
            theme,
            "list-checks",
            translate("Settings", "Report about this computer"),
            translate("Settings", "Hardware, seal, store, keyring and library versions. It holds nothing from your documents."),
            check,
        ),
    ]


def _own_version() -> str:
    try:
        return version("strongroom")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return translate("Settings", "(from source)")

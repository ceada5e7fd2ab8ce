"""The look in one object: colours, fonts and sizes of the theme that is chosen now.

Widgets take the theme, ask it while they paint, and restyle on `changed`. It follows the system's
light or dark setting live. Knows no widget; `apply` sets palette and style sheet of the application.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from desktop import icons
from desktop.fonts import load_fonts, make_font
from desktop.stylesheet import stylesheet
from desktop.tokens import tokens

Choice = Literal["system", "light", "dark"]
ToneName = Literal["local", "outbound", "caution", "danger", "neutral"]


@dataclass(frozen=True)
class Tone:
    """Colours of a tone: tint, words on it, outline, and the solid for marks. Always shown with an icon and a word."""

    background: QColor
    text: QColor
    border: QColor
    solid: QColor


class Theme(QObject):
    """Colours, fonts and sizes as chosen. `changed` is emitted once after any of them changed."""

    changed = Signal()

    def __init__(
        self, application: QApplication, choice: Choice = "system", *, text_size: int = 100, reduced_motion: bool = False
    ) -> None:
        super().__init__(application)
        self._application = application
        self._is_styled = False
        self._tokens = tokens()
        self._choice: Choice = choice
        self._text_size = text_size
        self._reduced_motion = reduced_motion
        self._fonts: dict[str, QFont] = {}
        self._colors: dict[str, QColor] = {}
        load_fonts()
        # Both are kept: when Python lets go of the style hints, Shiboken invalidates the object they handed out.
        self._hints = QGuiApplication.styleHints()
        self._accessibility = self._hints.accessibility()
        self._high_contrast = self._accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast
        self._tell_system()
        self._dark = self._wanted_dark()
        self._hints.colorSchemeChanged.connect(self._scheme_changed)
        self._accessibility.contrastPreferenceChanged.connect(self._contrast_changed)
        self.apply()

    # ------------------------------------------------------------ choosing
    def choose(self, choice: Choice, *, text_size: int, reduced_motion: bool) -> None:
        """Take the user's choices (text size in per cent); restyles everything if something changed."""
        if (choice, text_size, reduced_motion) == (self._choice, self._text_size, self._reduced_motion):
            return
        self._choice, self._text_size, self._reduced_motion = choice, text_size, reduced_motion
        self._restyle()

    def _scheme_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._wanted_dark() != self._dark:
            self._restyle()

    def _contrast_changed(self, preference: Qt.ContrastPreference) -> None:
        self._high_contrast = preference == Qt.ContrastPreference.HighContrast
        self._restyle()

    def _tell_system(self) -> None:
        """The window's frame and the system's dialogs follow the choice too."""
        if self._choice == "system":
            self._hints.unsetColorScheme()
        else:
            self._hints.setColorScheme(Qt.ColorScheme.Dark if self._choice == "dark" else Qt.ColorScheme.Light)

    def _wanted_dark(self) -> bool:
        if self._choice != "system":
            return self._choice == "dark"
        return self._hints.colorScheme() == Qt.ColorScheme.Dark

    def _restyle(self) -> None:
        self._tell_system()
        self._dark = self._wanted_dark()
        self._fonts.clear()
        self._colors.clear()
        self.apply()
        self.changed.emit()

    def apply(self) -> None:
        """Give the application its style, palette, font and style sheet."""
        application = self._application
        if not self._is_styled:  # afterwards the style sheet's own style answers to the name
            application.setStyle("fusion")
            self._is_styled = True
        application.setPalette(self._palette())
        application.setFont(self.font("body"))
        application.setStyleSheet(stylesheet(self))

    # ------------------------------------------------------------ asking
    @property
    def is_dark(self) -> bool:
        return self._dark

    @property
    def high_contrast(self) -> bool:
        """Whether the system asks for strong outlines."""
        return self._high_contrast

    @property
    def reduced_motion(self) -> bool:
        return self._reduced_motion

    @property
    def scale(self) -> float:
        """The text-size setting as a factor."""
        return self._text_size / 100

    def color(self, name: str) -> QColor:
        """The colour of a token in the theme of now; raises KeyError for an unknown name."""
        if name not in self._colors:
            self._colors[name] = QColor(self._tokens.colors["dark" if self._dark else "light"][name])
        return QColor(self._colors[name])

    def faded(self, name: str, opacity: float) -> QColor:
        """A token's colour with an opacity of 0 to 1."""
        color = self.color(name)
        color.setAlphaF(opacity)
        return color

    def tone(self, name: ToneName) -> Tone:
        """The colours of a meaning."""
        if name == "neutral":
            return Tone(self.color("hover"), self.color("text2"), self.color("border"), self.color("text3"))
        solid = self.color("primary" if name == "local" else name)
        return Tone(self.color(f"{name}_bg"), self.color(f"{name}_text"), self.color(f"{name}_border"), solid)

    def outline(self) -> QColor:
        """The outline of secondary controls, solid where the system asks for contrast."""
        if self.high_contrast:
            return self.color("border_strong")
        return self.faded("border_strong", self._tokens.opacities["secondary_button_outline"])

    def font(self, style: str = "body") -> QFont:
        """The font of a step of the type scale at the chosen text size."""
        if style not in self._fonts:
            self._fonts[style] = make_font(self._tokens, style, self.scale)
        return QFont(self._fonts[style])

    def metrics(self, style: str = "body") -> QFontMetricsF:
        return QFontMetricsF(self.font(style))

    def line(self, style: str = "body") -> int:
        """Line height of a step of the type scale, in logical pixels."""
        return self.px(self._tokens.types[style].line)

    def px(self, design_pixels: float) -> int:
        """A height, icon or row of the design at the chosen text size. Gaps and outlines do not grow."""
        return round(design_pixels * self.scale)

    def size(self, name: str) -> int:
        """A named size of the tokens at the chosen text size."""
        return self.px(self._tokens.sizes[name])

    def radius(self, name: str) -> int:
        return self._tokens.radii[name]

    def duration(self, name: str = "standard") -> int:
        """Milliseconds of a movement (fast, standard, sheet); 0 with reduced motion."""
        return 0 if self._reduced_motion else self._tokens.durations[name]

    @property
    def scrim(self) -> QColor:
        return self.faded("scrim", self._tokens.opacities["scrim_dark" if self._dark else "scrim_light"])

    def icon(self, name: str, color: str = "text2", size: int = 16) -> QIcon:
        """An icon in a token's colour, for menus."""
        return icons.make_icon(name, self.color(color), self.px(size))

    # ------------------------------------------------------------ palette
    def _palette(self) -> QPalette:
        roles = {
            QPalette.ColorRole.Window: "canvas",
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Base: "surface",
            QPalette.ColorRole.AlternateBase: "sunken",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.Button: "surface",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.BrightText: "danger",
            QPalette.ColorRole.PlaceholderText: "text3",
            QPalette.ColorRole.Highlight: "primary",
            QPalette.ColorRole.HighlightedText: "on_primary",
            QPalette.ColorRole.Link: "primary",
            QPalette.ColorRole.LinkVisited: "primary",
            QPalette.ColorRole.ToolTipBase: "tooltip",
            QPalette.ColorRole.ToolTipText: "on_tooltip",
            QPalette.ColorRole.Accent: "primary",
            QPalette.ColorRole.Light: "surface",
            QPalette.ColorRole.Midlight: "divider",
            QPalette.ColorRole.Mid: "border",
            QPalette.ColorRole.Dark: "border_strong",
            QPalette.ColorRole.Shadow: "shadow",
        }
        palette = QPalette()
        for role, name in roles.items():
            palette.setColor(role, self.color(name))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("text_disabled"))
        return palette

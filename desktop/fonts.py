"""Fonts of the type scale: shipped files, tabular figures, sizes that follow the text-size setting.

Knows nothing of colours or widgets.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from desktop.tokens import RESOURCES, Tokens, TypeStyle

_TABULAR = QFont.Tag("tnum")
_FALLBACK = {
    "Inter": ["Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"],
    "Inter Display": ["Inter Display", "Inter", "Segoe UI", "SF Pro Display", "Noto Sans", "DejaVu Sans"],
    "JetBrains Mono": ["JetBrains Mono", "Cascadia Mono", "Menlo", "Noto Sans Mono", "DejaVu Sans Mono"],
}


def load_fonts(resources: Path = RESOURCES) -> list[str]:
    """Make the shipped font files known to Qt; returns the families that came in."""
    families: list[str] = []
    for file in sorted((resources / "fonts").rglob("*.[ot]tf")):
        font = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(font) if font >= 0 else []
    return families


def make_font(tokens: Tokens, style: str, scale: float) -> QFont:
    """The font of a step of the type scale, `scale` being the text-size setting (1.0 is 100 %)."""
    step: TypeStyle = tokens.types[style]
    font = QFont()
    font.setFamilies(_FALLBACK.get(step.family, [step.family]))
    font.setPixelSize(max(1, round(step.size * scale)))
    font.setWeight(QFont.Weight(step.weight))
    # Widths must match on all systems, so no hinting; figures in columns must line up, so tabular ones.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(_TABULAR, 1)
    if step.family == tokens.families["display"]:
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, tokens.display_spacing)
    return font

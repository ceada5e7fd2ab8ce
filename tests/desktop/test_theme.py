"""The look follows the choices, keeps its promises about contrast, and every token it names exists."""

from __future__ import annotations

import json

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from desktop import icons
from desktop.theme import Theme
from desktop.tokens import resource

RAW = json.loads(resource("tokens.json").read_text(encoding="utf-8"))


def contrast(first: QColor, second: QColor) -> float:
    """The WCAG contrast ratio of two opaque colours, computed here and not taken from the tokens."""

    def luminance(color: QColor) -> float:
        parts = [color.redF(), color.greenF(), color.blueF()]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_pair_that_the_design_lists_has_the_contrast_it_promises(qapp: QApplication, name: str) -> None:
    theme = Theme(qapp, name)  # type: ignore[arg-type]
    for pair in [*RAW["contrast"][name]["text"], *RAW["contrast"][name]["graphics"]]:
        ratio = contrast(theme.color(pair["foreground"]), theme.color(pair["background"]))
        assert ratio >= pair["minimum"], pair
        assert ratio == pytest.approx(pair["ratio"], abs=0.06), pair


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("tone", ["local", "outbound", "caution", "danger", "neutral"])
def test_words_on_a_tint_can_be_read(qapp: QApplication, name: str, tone: str) -> None:
    colors = Theme(qapp, name).tone(tone)  # type: ignore[arg-type]
    assert contrast(colors.text, colors.background) >= 4.5


def test_green_and_copper_are_told_apart_from_everything_else(theme: Theme) -> None:
    outbound = {theme.color(name).name() for name in ("outbound", "outbound_text", "outbound_bg")}
    others = {theme.color(name).name() for name in ("caution", "caution_text", "danger", "danger_text", "primary", "text")}
    assert not outbound & others


def test_choosing_restyles_once_and_only_when_something_changes(theme: Theme, qtbot) -> None:
    heard: list[bool] = []
    theme.changed.connect(lambda: heard.append(theme.is_dark))
    theme.choose("dark", text_size=150, reduced_motion=True)
    theme.choose("dark", text_size=150, reduced_motion=True)
    assert heard == [True]
    assert theme.line("body") == 30
    assert theme.font("body").pixelSize() == 20
    assert theme.duration("sheet") == 0


def test_the_application_wears_the_palette(theme: Theme, qapp: QApplication) -> None:
    theme.choose("dark", text_size=100, reduced_motion=False)
    assert qapp.palette().window().color().name() == RAW["color"]["dark"]["canvas"].lower()
    assert qapp.palette().placeholderText().color().name() == RAW["color"]["dark"]["text3"].lower()
    theme.choose("light", text_size=100, reduced_motion=False)
    assert qapp.palette().window().color().name() == RAW["color"]["light"]["canvas"].lower()


def test_the_shipped_fonts_are_used_with_tabular_figures(theme: Theme) -> None:
    for style in RAW["type"]["scale"]:
        font = theme.font(style)
        assert font.families()[0] == RAW["type"]["scale"][style]["family"]
        narrow, wide = theme.metrics(style).horizontalAdvance("1111"), theme.metrics(style).horizontalAdvance("0000")
        assert narrow == pytest.approx(wide), style


def test_every_icon_that_the_tokens_name_for_existing_screens_is_there() -> None:
    missing = [name for name in RAW["icons"]["names"].values() if not icons.exists(name)]
    assert missing == []


def test_a_missing_icon_draws_nothing_and_is_reported(theme: Theme, caplog: pytest.LogCaptureFixture) -> None:
    pixmap = icons.icon_pixmap("no-such-icon", theme.color("text"), 16)
    assert pixmap.toImage().pixelColor(8, 8).alpha() == 0
    assert "no-such-icon" in caplog.text


def test_icons_take_the_colour_they_are_given(theme: Theme) -> None:
    image = icons.icon_pixmap("square", QColor("#ff0000"), 32).toImage()
    painted = {image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255}
    assert painted == {"#ff0000"}

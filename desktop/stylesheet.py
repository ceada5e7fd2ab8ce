"""The little that painting cannot reach: menus, tooltips, scroll bars and the bodies of tables and text.

A pure function of the theme. Painted controls do not depend on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.theme import Theme


def stylesheet(theme: Theme) -> str:
    """The application's style sheet in the theme of now."""
    return "\n".join((_menus(theme), _scroll_bars(theme), _tables(theme), _text(theme)))


def _menus(theme: Theme) -> str:
    item = theme.px(6)
    return f"""
QMenu {{ background: {_hex(theme, "surface")}; border: 1px solid {_hex(theme, "border")}; border-radius: 8px; padding: 4px; }}
QMenu::item {{ padding: {item}px 24px {item}px 10px; border-radius: 6px; color: {_hex(theme, "text")}; }}
QMenu::item:selected {{ background: {_hex(theme, "hover")}; }}
QMenu::item:disabled {{ color: {_hex(theme, "text_disabled")}; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::separator {{ height: 1px; background: {_hex(theme, "divider")}; margin: 4px 6px; }}
QToolTip {{ background: {_hex(theme, "tooltip")}; color: {_hex(theme, "on_tooltip")}; border: none; padding: 5px 8px; }}
"""


def _scroll_bars(theme: Theme) -> str:
    grip, hover = _hex(theme, "border_strong"), _hex(theme, "text3")
    return f"""
QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; border: none; }}
QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; border: none; }}
QScrollBar::handle {{ background: {grip}; border-radius: 2px; margin: 3px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {hover}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; background: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
"""


def _tables(theme: Theme) -> str:
    return f"""
Table {{ background: transparent; border: none; selection-background-color: transparent; }}
Table QHeaderView {{ background: transparent; border: none; }}
Table QHeaderView::section {{ background: transparent; border: none; color: {_hex(theme, "text2")}; }}
"""


def _text(theme: Theme) -> str:
    # Not QLineEdit at large: Qt's file dialog has some, with outlines of their own. Under a style sheet placeholders
    # ignore the palette and would fall below the contrast that is asked for.
    return f"""
Field, QPlainTextEdit, QTextEdit, QTextBrowser {{
    background: transparent; border: none; padding: 0; color: {_hex(theme, "text")};
    placeholder-text-color: {_hex(theme, "text3")};
    selection-background-color: {_hex(theme, "primary")}; selection-color: {_hex(theme, "on_primary")};
}}
Field:disabled {{ color: {_hex(theme, "text_disabled")}; }}
"""


def _hex(theme: Theme, name: str) -> str:
    return theme.color(name).name()

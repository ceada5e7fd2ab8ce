from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QLabel

from desktop import figures
from desktop.theme import Theme
from desktop.viewmodels import model_sizes
from desktop.views.size_choice import SizeChoice
from tests.desktop.model_samples import fit, offered, size


@pytest.fixture
def choice(qapp: QApplication) -> Iterator[SizeChoice]:
    theme = Theme(qapp)
    choice = SizeChoice(theme)
    yield choice
    shiboken6.delete(choice)
    shiboken6.delete(theme)


def cards(n: int) -> list[model_sizes.SizeCard]:
    good = fit("fits_well", 1.0)
    return model_sizes.size_cards(
        offered("x", "X", "Y", "", None, *(size("s/x", f"m{i:05}.gguf", "smaller", 1 + i, good) for i in range(n)))
    )


def told(choice: SizeChoice) -> str:
    return " ".join(label.text() for label in choice.findChildren(QLabel))


def test_thousands_of_sizes_are_a_few_buttons_and_the_number_of_the_rest(choice: SizeChoice) -> None:
    choice.show_sizes(cards(4000), "m00002.gguf")
    assert len(choice.buttons) == model_sizes.MOST_CARDS and choice.buttons["m00002.gguf"].isChecked()
    assert f"{figures.number(3960)} further files" in told(choice)
    choice.show_sizes(cards(3), None)
    assert len(choice.buttons) == 3 and "further files" not in told(choice)

from __future__ import annotations

import pytest

from engine.settings import Settings
from engine.store.store import Store


def test_a_new_store_has_the_default_settings(store: Store) -> None:
    assert store.settings.read() == Settings()


def test_settings_come_back_as_they_were_last_written(store: Store) -> None:
    store.settings.write(Settings(theme="dark"))
    chosen = Settings(theme="light", text_size=150, model="a/b", n_threads=3, temperature=0.7)
    store.settings.write(chosen)
    assert store.settings.read() == chosen


@pytest.mark.parametrize("damaged", ["", "[]", '{"theme": 7}', '{"unknown": 1}', "\x00"])
def test_damaged_settings_fall_back_to_their_defaults(store: Store, damaged: str) -> None:
    store.settings.write(Settings(theme="dark"))
    with store._main.write() as session:
        session.connection().exec_driver_sql("UPDATE settings SET json_text = ?", (damaged,))
    assert store.settings.read() == Settings()

"""Which model of the library a failed state is about. Pure.

A model that could not be opened is named by its id, by its file, or only by the settings that chose it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from engine.records import Model, ModelState
from engine.settings import Settings


def failed_model(state: ModelState, settings: Settings, models: Iterable[Model]) -> Model | None:
    """The model that was to answer; None where the library does not have it."""
    named = str((state.problem_facts or {}).get("model", ""))
    wanted = {str(state.model or ""), str(settings.model or ""), named} - {""}
    return next((model for model in models if {model.id, model.name, PurePath(model.file).name} & wanted), None)

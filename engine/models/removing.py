"""Take a model out of the library, and say beforehand what depends on it. Blocking, but short.

The two models that come with the program are needed by it and lie in its own folder: `depends_on` names them as `starter`
or `search_by_meaning`, and removing them is refused whoever asks. A model that is used in place is only forgotten, which
is a matter of the settings; nothing here touches its file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from engine.errors import FolderUnwritable
from engine.models import provenance
from engine.models.durable import sync_folder
from engine.models.known import EMBEDDING_MODEL, STARTER_MODEL
from engine.models.model_files import ModelFiles, models_in
from engine.records import Model, ModelId

Need = Literal["chosen_for_answers", "search_by_meaning", "starter"]


def depends_on(model: Model, *, chosen: ModelId | str | None, bundled: Path) -> tuple[Need, ...]:
    """What would be without the model. `chosen`: the model of the settings, None for the starter model. Pure.

    `bundled` is the folder of models that came with the program.
    """
    needs: list[Need] = []
    if model.id == (chosen or STARTER_MODEL.id) or model.file == chosen:
        needs.append("chosen_for_answers")
    if comes_with_program(Path(model.file), bundled):
        names: dict[str, Need] = {EMBEDDING_MODEL.file: "search_by_meaning", STARTER_MODEL.file: "starter"}
        if need := names.get(Path(model.file).name):
            needs.append(need)
    return tuple(needs)


def can_be_removed(needs: Iterable[Need]) -> bool:
    """Whether the user may have it removed all the same: what the program itself needs stays."""
    return not {"starter", "search_by_meaning"} & set(needs)


def comes_with_program(file: Path, bundled: Path) -> bool:
    return file.absolute().parent == bundled.absolute()


def remove(model: ModelFiles, *, bundled: Path) -> None:
    """Delete a model's files, what is recorded of them, and the file that let it see if no other model uses that.

    The records go first: a file without a record is a model of unknown origin, while a record without its file would be
    held against the next file of that name. Raises FolderUnwritable; files of the program are never deleted.
    """
    if comes_with_program(model.first, bundled):
        raise FolderUnwritable(str(bundled))
    files = [*model.files]
    told = provenance.read(model.first)
    if told is not None and told.vision and (seeing := _vision_file(model, told.vision)):
        files.append(seeing)
    try:
        for file in files:
            provenance.remove(file)
        for file in files:
            file.unlink(missing_ok=True)
        sync_folder(model.first.parent)
    except OSError:
        raise FolderUnwritable(str(model.first.parent)) from None


def _vision_file(model: ModelFiles, name: str) -> Path | None:
    """The file, if it lies beside the model and belongs to it alone."""
    folder = model.first.parent
    told = provenance.read(folder / name) if os.path.basename(name) == name else None
    if told is None or told.belongs_to != model.first.name:
        return None
    others = (provenance.read(other.first) for other in models_in(folder) if other.first != model.first)
    return None if any(other is not None and other.vision == name for other in others) else folder / name

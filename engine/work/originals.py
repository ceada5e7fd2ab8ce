"""Find the file that a document was added from. The store's copy is never written out in the clear by itself."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.errors import OriginalMissing
from engine.records import Document


def find_original(document: Document) -> Path:
    """The unchanged file on this computer. Raises OriginalMissing when it is gone, or its bytes are others now."""
    path = Path(document.original_path) if document.original_path else None
    try:
        if path is None or not path.is_file():  # a pipe would be waited for, for ever
            raise OriginalMissing(document.name, changed=False)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != document.sha256:
                raise OriginalMissing(document.name, changed=True)
    except OSError:
        raise OriginalMissing(document.name, changed=False) from None
    return path

"""Which bytes may be sent where: what a person has seen and approved, byte for byte, each of it once.

Pure, and safe to use from any thread. Holds checksums and addresses, never a text. The network door asks it before every
request whose purpose is to compare.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import Counter

WITHOUT_CONTENT = frozenset({"GET", "HEAD"})
#: The one thing that is asked without an approval: which models there are. Another address could itself say something.
_MODELS = re.compile(r"https?://[^?#]+/models(?:\?limit=[0-9]{1,4})?")


class Approvals:
    """What waits to be sent. The same text approved twice for the same address may be sent twice."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._waiting: Counter[tuple[str, str]] = Counter()

    def approve(self, url: str, sha256: str) -> None:
        """A person has approved that the bytes with this checksum (hexadecimal) are sent to exactly this address, once."""
        with self._turn:
            self._waiting[url, sha256.lower()] += 1

    def withdraw(self, url: str, sha256: str) -> bool:
        """Take one such approval back; False if none waits, as it was used or cleared already."""
        return self._used(url, sha256.lower())

    def take(self, url: str, content: bytes) -> bool:
        """Use up one approval for these bytes and this address; False if there is none, and then they may not be sent."""
        return self._used(url, hashlib.sha256(content).hexdigest())

    def clear(self) -> None:
        """From now on nothing is approved."""
        with self._turn:
            self._waiting.clear()

    def let_pass(self, method: str, url: str, content: object) -> bool:
        """Whether this request may be sent: a list of models without content, or one approved text, which this uses up.

        A text is POSTed as plain `bytes`. What comes piece by piece cannot be compared with what was approved before it is
        sent, and a kind of bytes of its own can be other ones to whoever sends them, so neither ever passes.
        """
        if method in WITHOUT_CONTENT:
            return content in ((), b"") and _MODELS.fullmatch(url) is not None
        return method == "POST" and type(content) is bytes and self.take(url, content)

    def _used(self, url: str, sha256: str) -> bool:
        with self._turn:
            if self._waiting[url, sha256] <= 0:
                del self._waiting[url, sha256]
                return False
            self._waiting[url, sha256] -= 1
            return True

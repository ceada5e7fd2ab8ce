"""Keys: making, deriving, wrapping. Pure but for randomness; knows no file and no keyring.

One random *main key* protects a profile. The main store's database key and the key that wraps the keys of matters
are both derived from it. Each matter has a random key of its own, so that destroying the wrapped key destroys the
matter.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class WrongKey(Exception):
    """A wrapped key does not open with this key, or belongs to something else."""


def new_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def derived(main_key: bytes, purpose: str) -> bytes:
    """The key for one purpose; those for different purposes tell nothing about each other or the main key."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"strongroom {purpose}".encode()).derive(main_key)


def wrap(key: bytes, *, under: bytes, belongs_to: str) -> bytes:
    """Encrypt `key` (AES-256-GCM) so that it opens only under the same key and for the same owner."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(under).encrypt(nonce, key, belongs_to.encode())


def unwrap(wrapped: bytes, *, under: bytes, belongs_to: str) -> bytes:
    """The key inside `wrapped`. Raises WrongKey."""
    try:
        return AESGCM(under).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], belongs_to.encode())
    except (InvalidTag, ValueError):
        raise WrongKey from None


@dataclass(frozen=True)
class Stretching:
    """How a passphrase becomes a key: argon2id with these costs. Kept with the store, as the defaults may grow."""

    salt: bytes
    memory_kib: int
    passes: int
    lanes: int

    @classmethod
    def today(cls) -> Stretching:
        """A fresh salt with today's costs: a quarter of a gigabyte and about half a second on an office computer."""
        return cls(secrets.token_bytes(16), memory_kib=262_144, passes=3, lanes=4)

    def key(self, passphrase: str) -> bytes:
        """32 bytes from a passphrase; the same text gives the same key however a keyboard composes its accents."""
        return hash_secret_raw(
            unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"),
            self.salt,
            time_cost=self.passes,
            memory_cost=self.memory_kib,
            parallelism=self.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )

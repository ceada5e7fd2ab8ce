from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store.keys import Stretching, WrongKey, derived, new_key, unwrap, wrap

KEY = st.binary(min_size=32, max_size=32)
today = Stretching.today  # as it is outside of tests


@given(key=KEY, under=KEY, owner=st.text())
def test_a_wrapped_key_opens_with_its_key_and_for_its_owner(key: bytes, under: bytes, owner: str) -> None:
    owner = owner.encode("utf-8", "replace").decode()
    wrapped = wrap(key, under=under, belongs_to=owner)
    assert key not in wrapped
    assert unwrap(wrapped, under=under, belongs_to=owner) == key
    with pytest.raises(WrongKey):
        unwrap(wrapped, under=bytes(each ^ 1 for each in under), belongs_to=owner)
    with pytest.raises(WrongKey):
        unwrap(wrapped, under=under, belongs_to=owner + "x")


@given(position=st.integers(0, 59), junk=st.binary(max_size=80))
def test_a_damaged_wrapping_never_opens(position: int, junk: bytes) -> None:
    wrapped = bytearray(wrap(b"k" * 32, under=b"u" * 32, belongs_to="m"))
    wrapped[position] ^= 1
    for damaged in (bytes(wrapped), junk):
        with pytest.raises(WrongKey):
            unwrap(damaged, under=b"u" * 32, belongs_to="m")


def test_keys_are_random_and_derived_ones_differ_by_purpose() -> None:
    main = new_key()
    assert len({main, new_key(), derived(main, "a"), derived(main, "b"), derived(new_key(), "a")}) == 5
    assert derived(main, "a") == derived(main, "a")


def test_deriving_follows_hkdf_sha256() -> None:
    """The file format depends on it: computed by hand from RFC 5869 with hmac alone."""
    import hashlib
    import hmac

    main = bytes(range(32))
    extracted = hmac.digest(b"\0" * 32, main, hashlib.sha256)
    assert derived(main, "main store") == hmac.digest(extracted, b"strongroom main store\x01", hashlib.sha256)


def test_a_passphrase_is_stretched_as_argon2id_says() -> None:
    """Fixed input, fixed output: a store made today opens with every later version."""
    stretching = Stretching(b"0123456789abcdef", memory_kib=64, passes=2, lanes=1)
    assert stretching.key("correct horse").hex() == "74fb6b1d311ac0bb4c891f7efd79680245d9f84b72ad8f9bbe61c86e2b9f864d"
    assert stretching.key("correct horse") != stretching.key("correct horsf")
    assert stretching.key("u\u0308") == stretching.key("\u00fc")


def test_todays_costs_are_those_of_a_serious_program() -> None:
    costs = today()
    assert costs.memory_kib >= 64 * 1024 and costs.passes >= 3
    assert len(costs.salt) == 16 and costs.salt != today().salt

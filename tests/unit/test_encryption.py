"""What is encrypted for a place, and how it is found there."""

import pytest
from bson import ObjectId
from hypothesis import given, settings
from hypothesis import strategies as st

from paytm import keys
from paytm.encryption import Keyring, Undecipherable, place
from paytm.keys import Key

OLD, NEW = Key("old", b"o" * 32), Key("new-1", b"n" * 32)
RING = Keyring([NEW, OLD])
OWNER, RECORD = ObjectId(), ObjectId()
HERE = place("cashbook", "fullName", OWNER, RECORD)


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_a_text_comes_back(text: str) -> None:
    assert RING.decrypt(RING.encrypt(text, HERE), HERE) == text


def test_equal_texts_look_different() -> None:
    assert RING.encrypt("Asha", HERE) != RING.encrypt("Asha", HERE)


def test_a_text_means_nothing_elsewhere() -> None:
    encrypted = RING.encrypt("Asha", HERE)
    elsewhere = {
        "another record": place("cashbook", "fullName", OWNER, ObjectId()),
        "another owner": place("cashbook", "fullName", ObjectId(), RECORD),
        "the ids exchanged": place("cashbook", "fullName", RECORD, OWNER),
        "another field": place("cashbook", "note", OWNER, RECORD),
        "another collection": place("cashbook_keys", "fullName", OWNER, RECORD),
        "nowhere": b"",
    }

    for name, there in elsewhere.items():
        with pytest.raises(Undecipherable):
            pytest.fail(f"it means {RING.decrypt(encrypted, there)!r} in {name}")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    encrypted = bytearray(RING.encrypt("Asha", HERE))
    at = data.draw(st.integers(0, len(encrypted) - 1))
    encrypted[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises(Undecipherable):
        RING.decrypt(bytes(encrypted), HERE)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=64))
def test_what_nobody_encrypted_is_undecipherable(data: bytes) -> None:
    with pytest.raises(Undecipherable):
        RING.decrypt(data, HERE)


def test_an_older_key_decrypts_and_the_newest_encrypts() -> None:
    written = Keyring([OLD]).encrypt("Asha", HERE)

    assert RING.decrypt(written, HERE) == "Asha"
    assert not RING.is_current(written)
    assert RING.is_current(RING.encrypt("Asha", HERE))


def test_without_its_key_a_text_is_undecipherable() -> None:
    written = RING.encrypt("Asha", HERE)

    with pytest.raises(Undecipherable, match="not configured"):
        Keyring([OLD]).decrypt(written, HERE)


def test_an_index_finds_equal_texts_of_one_place_under_every_key() -> None:
    mine = place("cashbook", "fullName", OWNER)

    assert RING.index("asha", mine) == RING.index("asha", mine) == Keyring([NEW]).index("asha", mine)
    assert RING.indexes("asha", mine) == [Keyring([key]).index("asha", mine) for key in (NEW, OLD)]
    assert RING.index("asha", mine) != RING.index("ravi", mine)
    assert RING.index("asha", mine) != RING.index("asha", place("cashbook", "fullName", ObjectId()))


def test_keys_are_read_newest_first() -> None:
    first, second = keys.generate(), keys.generate()

    found = keys.read(f" 2027-01:{first}, 2026-11:{second}")

    assert [key.id for key in found] == ["2027-01", "2026-11"]
    assert {len(key.secret) for key in found} == {32}
    assert first not in repr(found)
    assert keys.read(" ") == ()

"""What ``make bench`` puts into the database past the API is what the API would have put there."""

from bson import ObjectId

from bench.growth import grow
from tests.people import Person


def test_a_ledger_that_has_grown_adds_up_and_goes_on(asha: Person) -> None:
    ids = [ObjectId() for _ in range(3)]
    grow(ids)

    # The audit follows.
    assert [asha.send(str(id_), 1).status for id_ in ids] == [200] * 3

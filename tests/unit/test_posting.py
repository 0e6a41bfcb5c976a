"""How postings are decided, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64
from hypothesis import given
from hypothesis import strategies as st

from paytm.errors import IdempotencyKeyReused, SessionInDoubt
from paytm.ledger.limits import Limits
from paytm.ledger.posting import (
    BANK_ACCOUNTS,
    CARD_ACCOUNT,
    SYSTEM_ACCOUNT,
    Balance,
    Books,
    Hold,
    Leg,
    Outcome,
    Posting,
    movement,
)
from paytm.money import MAX_PAISE

NOW = datetime(2024, 1, 1, tzinfo=UTC)
ASHA, RAVI, MIRA, NOBODY = (ObjectId(f"{number:024x}") for number in range(1, 5))


def _books(**changes: Any) -> Books:
    accounts = {person: Balance("wallet", "active", 100, 1) for person in (ASHA, RAVI, MIRA)}
    return Books(accounts, **changes)


def _posting(source: ObjectId = ASHA, destination: ObjectId = RAVI, amount: int = 30, **changes: Any) -> Posting:
    return Posting(
        **{
            "id": ObjectId(),
            "kind": "transfer",
            "owner": source,
            "source": source,
            "destination": destination,
            "amount": amount,
            "legs": movement(source, destination, amount),
            "at": NOW,
            **changes,
        }
    )


def _balances(books: Books) -> list[int]:
    return [books.accounts[person].balance for person in (ASHA, RAVI, MIRA)]


def _nothing_to_write(books: Books) -> bool:
    return not (books.touched or books.transactions or books.entries)


def test_a_posting_moves_money_and_writes_it_down() -> None:
    books, posting = _books(), _posting()

    outcome = books.post(posting)

    assert (outcome.completed, outcome.replayed) == (True, False)
    assert _balances(books) == [70, 130, 100]
    assert books.touched == {ASHA, RAVI}
    assert [transaction["_id"] for transaction in books.transactions] == [posting.id]


def test_its_entries_sum_to_zero_and_hold_the_running_balance() -> None:
    books = _books()
    books.post(_posting())

    payer, payee = books.entries
    assert (payer["account"], payer["amount"], payer["balance"], payer["seq"]) == (ASHA, -30, 70, 2)
    assert (payee["account"], payee["amount"], payee["balance"], payee["seq"]) == (RAVI, 30, 130, 2)


def test_every_figure_is_a_long() -> None:
    books = _books()
    books.post(_posting())

    figures = [entry[name] for entry in books.entries for name in ("amount", "seq", "balance")]
    assert {type(figure) for figure in [*figures, books.transactions[0]["amount"]]} == {Int64}


def test_the_whole_balance_can_go() -> None:
    books = _books()

    assert books.post(_posting(amount=100)).completed
    assert _balances(books) == [0, 200, 100]


def _declined(books: Books, posting: Posting) -> str:
    outcome = books.post(posting)
    assert not outcome.completed
    return str(outcome.transaction["reason"])


def test_more_than_the_balance_is_declined() -> None:
    books = _books()

    assert _declined(books, _posting(amount=101)) == "insufficient_balance"
    assert _balances(books) == [100, 100, 100]


def test_an_unknown_payee_is_declined() -> None:
    assert _declined(_books(), _posting(destination=NOBODY)) == "unknown_payee"


def test_an_unknown_payer_is_declined() -> None:
    assert _declined(_books(), _posting(source=NOBODY)) == "inactive_payer"


@pytest.mark.parametrize("status", ["frozen", "closed", "something new"])
@pytest.mark.parametrize(("person", "reason"), [(ASHA, "inactive_payer"), (RAVI, "unknown_payee")])
def test_an_account_that_is_not_active_takes_no_part(status: str, person: ObjectId, reason: str) -> None:
    books = _books()
    books.accounts[person].status = status

    assert _declined(books, _posting()) == reason
    assert _nothing_to_write(books)


@pytest.mark.parametrize(("room", "completed"), [(30, True), (29, False)])
def test_a_payee_holds_no_more_than_the_largest_amount(room: int, completed: bool) -> None:
    books = _books()
    books.accounts[RAVI].balance = MAX_PAISE - room

    outcome = books.post(_posting(amount=30))

    assert outcome.completed is completed
    assert outcome.transaction.get("reason") == (None if completed else "balance_too_large")


def test_a_declined_posting_without_a_key_is_not_written() -> None:
    books = _books()
    books.post(_posting(amount=101))

    assert _nothing_to_write(books)


def test_a_declined_posting_with_a_key_is_kept_without_entries() -> None:
    books = _books()
    books.post(_posting(amount=101, key="k", fingerprint=b"f", request_id="r-1"))

    (kept,) = books.transactions
    assert (kept["status"], kept["reason"], kept["requestId"]) == ("declined", "insufficient_balance", "r-1")
    assert (kept["key"], kept["fingerprint"]) == ("k", b"f")
    assert not books.entries
    assert not books.touched


def test_a_repeated_key_replays_what_it_stands_for() -> None:
    posting = _posting(key="k", fingerprint=b"f")
    earlier = {"_id": ObjectId(), "status": "completed", "fingerprint": b"f"}
    books = _books(journal={(ASHA, "k"): earlier})

    assert books.post(posting) == Outcome(earlier, replayed=True)
    assert _nothing_to_write(books)


def test_a_replay_does_not_ask_for_the_balance() -> None:
    books = _books(journal={(ASHA, "k"): {"status": "completed", "fingerprint": b"f"}})
    books.accounts[ASHA].balance = 0

    assert books.post(_posting(key="k", fingerprint=b"f")).completed


def test_a_refusal_is_replayed_even_when_there_is_money_now() -> None:
    books = _books(journal={(ASHA, "k"): {"status": "declined", "fingerprint": b"f"}})

    outcome = books.post(_posting(key="k", fingerprint=b"f"))

    assert (outcome.completed, outcome.replayed) == (False, True)


@pytest.mark.parametrize("fingerprint", [b"g", b"", None])
def test_a_key_for_another_request_is_refused(fingerprint: bytes | None) -> None:
    books = _books(journal={(ASHA, "k"): {"status": "completed", "fingerprint": b"f"}})

    with pytest.raises(IdempotencyKeyReused):
        books.post(_posting(key="k", fingerprint=fingerprint))
    assert _nothing_to_write(books)


def test_the_key_of_another_owner_is_another_key() -> None:
    books = _books(journal={(RAVI, "k"): {"status": "completed", "fingerprint": b"f"}})

    assert not books.post(_posting(key="k", fingerprint=b"g")).replayed


def test_a_key_twice_in_one_batch_is_one_posting() -> None:
    books = _books()
    first, second = (_posting(key="k", fingerprint=b"f") for _ in range(2))

    outcomes = [books.post(first), books.post(second)]

    assert [outcome.replayed for outcome in outcomes] == [False, True]
    assert outcomes[0].transaction is outcomes[1].transaction
    assert _balances(books) == [70, 130, 100]


def test_a_refused_key_twice_in_one_batch_is_kept_once() -> None:
    books = _books()
    for _ in range(2):
        books.post(_posting(amount=500, key="k", fingerprint=b"f"))

    assert len(books.transactions) == 1


def test_postings_of_a_batch_build_on_each_other() -> None:
    books = _books()
    chain = [_posting(ASHA, RAVI, 100), _posting(RAVI, MIRA, 200), _posting(MIRA, ASHA, 300)]

    assert all(books.post(posting).completed for posting in chain)
    assert _balances(books) == [300, 0, 0]


def test_money_is_spent_once_in_a_batch() -> None:
    books = _books()

    outcomes = [books.post(_posting(amount=100)) for _ in range(3)]

    assert [outcome.completed for outcome in outcomes] == [True, False, False]
    assert _balances(books) == [0, 200, 100]


def test_seq_runs_on_through_a_batch() -> None:
    books = _books()
    for _ in range(3):
        books.post(_posting(amount=10))

    assert [entry["seq"] for entry in books.entries if entry["account"] == RAVI] == [2, 3, 4]
    assert books.accounts[RAVI].seq == 4


@pytest.mark.parametrize(("counted", "refused"), [(1, True), (2, False), (3, True)])
def test_a_posting_is_refused_after_a_revocation_that_it_does_not_know(counted: int, refused: bool) -> None:
    books = _books()
    books.accounts[ASHA].revocations = counted

    if refused:
        with pytest.raises(SessionInDoubt):
            books.post(_posting(revocations=2))
        assert _nothing_to_write(books)
    else:
        assert books.post(_posting(revocations=2)).completed


def test_the_revocations_are_those_of_the_one_who_asks() -> None:
    books = _books()
    books.accounts[ASHA].revocations = 1

    assert books.post(_posting(MIRA, RAVI, owner=ASHA, revocations=1)).completed
    with pytest.raises(SessionInDoubt):
        books.post(_posting(MIRA, RAVI, owner=NOBODY, revocations=1))


def test_a_session_in_doubt_learns_nothing_from_a_key() -> None:
    books = _books(journal={(ASHA, "k"): {"status": "completed", "fingerprint": b"f"}})

    with pytest.raises(SessionInDoubt):
        books.post(_posting(key="k", fingerprint=b"f", revocations=7))


def test_a_posting_of_no_session_needs_none() -> None:
    assert _books().post(_posting(revocations=None)).completed


@pytest.mark.parametrize("own", sorted(BANK_ACCOUNTS))
def test_the_banks_own_accounts_give_money_and_are_not_kept(own: ObjectId) -> None:
    books = _books()

    assert books.post(_posting(own, ASHA, 5000, kind="funding")).completed
    issued, received = books.entries
    assert not issued.keys() & {"seq", "balance"}
    assert (received["seq"], received["balance"]) == (2, 5100)
    assert books.touched == {ASHA}
    assert own not in books.accounts


@pytest.mark.parametrize("own", sorted(BANK_ACCOUNTS))
def test_the_banks_own_accounts_take_money_back(own: ObjectId) -> None:
    books = _books()

    assert books.post(_posting(ASHA, own, 40)).completed
    assert _balances(books) == [60, 100, 100]
    assert books.touched == {ASHA}


def test_money_may_be_split_among_many() -> None:
    legs = (Leg(ASHA, -50), Leg(RAVI, 30), Leg(MIRA, 20))
    books = _books()

    assert books.post(_posting(amount=50, legs=legs)).completed
    assert _balances(books) == [50, 130, 120]


def test_one_bad_leg_declines_all_of_them() -> None:
    legs = (Leg(ASHA, -50), Leg(RAVI, 30), Leg(NOBODY, 20))
    books = _books()

    assert _declined(books, _posting(amount=50, legs=legs)) == "unknown_payee"
    assert _nothing_to_write(books)
    assert _balances(books) == [100, 100, 100]


@pytest.mark.parametrize(
    "legs",
    [
        (Leg(ASHA, -30), Leg(RAVI, 29)),
        (Leg(ASHA, -30), Leg(RAVI, 31)),
        (Leg(ASHA, 30), Leg(RAVI, 30)),
        (Leg(ASHA, -30),),
        (Leg(ASHA, -60), Leg(RAVI, 30), Leg(RAVI, 30)),
        (Leg(ASHA, -30), Leg(ASHA, 30)),
    ],
)
def test_unbalanced_or_doubled_legs_make_no_posting(legs: tuple[Leg, ...]) -> None:
    with pytest.raises(ValueError, match="leg"):
        _posting(legs=legs)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_posting_moves_something(amount: int) -> None:
    with pytest.raises(ValueError, match="move"):
        _posting(amount=amount)


def test_a_note_is_kept_and_no_note_is_not() -> None:
    books = _books()
    books.post(_posting(note="chai"))
    books.post(_posting())

    assert [transaction.get("note", ...) for transaction in books.transactions] == ["chai", ...]


def _hold(amount: int = 30, **changes: Any) -> Hold:
    return Hold(
        **{
            "owner": ASHA,
            "account": ASHA,
            "payee": RAVI,
            "amount": amount,
            "expires_at": NOW + timedelta(days=7),
            "limits": None,
            "at": NOW,
            **changes,
        }
    )


def _refused(books: Books, hold: Hold) -> str | None:
    objection = books.hold(hold, None)
    return objection and objection["reason"]


def test_a_hold_sets_money_aside_and_moves_none() -> None:
    books = _books()

    assert _refused(books, _hold(30)) is None
    assert (books.accounts[ASHA].held, _balances(books)) == (30, [100, 100, 100])
    assert _nothing_to_write(books)


@pytest.mark.parametrize(("amount", "completed"), [(70, True), (71, False)])
def test_what_is_held_is_not_spent(amount: int, completed: bool) -> None:
    books = _books()
    books.hold(_hold(30), None)

    assert books.post(_posting(amount=amount)).completed is completed


def test_what_is_held_is_not_held_again() -> None:
    books = _books()

    assert [_refused(books, _hold(amount)) for amount in (60, 41, 40, 1)] == [
        None,
        "insufficient_balance",
        None,
        "insufficient_balance",
    ]


def test_what_is_held_can_still_be_received() -> None:
    books = _books()
    books.hold(_hold(100), None)

    assert books.post(_posting(RAVI, ASHA, 30)).completed
    assert _declined(books, _posting(ASHA, RAVI, 31)) == "insufficient_balance"
    assert books.post(_posting(ASHA, RAVI, 30)).completed


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": 101}, "insufficient_balance"),
        ({"account": NOBODY}, "inactive_payer"),
        ({"payee": NOBODY}, "unknown_payee"),
        ({"limits": Limits(transaction_amount=29)}, "limit_exceeded"),
        ({"limits": Limits(day_count=0)}, "limit_exceeded"),
    ],
)
def test_a_hold_is_declined_as_its_payment_would_be(changes: dict[str, Any], reason: str) -> None:
    books = _books()

    assert _refused(books, _hold(**changes)) == reason
    assert books.accounts[ASHA].held == 0


@pytest.mark.parametrize("status", ["frozen", "closed"])
@pytest.mark.parametrize(("person", "reason"), [(ASHA, "inactive_payer"), (RAVI, "unknown_payee")])
def test_nothing_is_held_between_accounts_that_are_not_active(status: str, person: ObjectId, reason: str) -> None:
    books = _books()
    books.accounts[person].status = status

    assert _refused(books, _hold()) == reason


def test_a_hold_counts_towards_the_limits_of_its_account() -> None:
    books, limits = _books(), Limits(day_amount=50)

    assert [_refused(books, _hold(amount, limits=limits)) for amount in (30, 21, 20)] == [None, "limit_exceeded", None]
    assert books.accounts[ASHA].usage["dayAmount"] == 50


@pytest.mark.parametrize(("known", "doubted"), [(None, False), (2, False), (1, True)])
def test_a_hold_sees_revocations_as_a_posting_does(known: int | None, doubted: bool) -> None:
    books = _books()
    books.accounts[ASHA].revocations = 2

    if doubted:
        with pytest.raises(SessionInDoubt):
            books.hold(_hold(), known)
    else:
        assert books.hold(_hold(), known) is None
    assert books.accounts[ASHA].held == (0 if doubted else 30)


@pytest.mark.parametrize("changes", [{"amount": 0}, {"amount": -1}, {"payee": ASHA}, {"account": SYSTEM_ACCOUNT}])
def test_a_hold_sets_something_of_a_customers_aside_for_another(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="hold"):
        _hold(**changes)


_PEOPLE = st.sampled_from([ASHA, RAVI, MIRA, NOBODY, SYSTEM_ACCOUNT, CARD_ACCOUNT])
_WISHES = st.lists(
    st.tuples(_PEOPLE, _PEOPLE, st.integers(1, 250), st.sampled_from([None, "a", "b", "c"])).filter(
        lambda wish: wish[0] != wish[1]
    ),
    max_size=40,
)


@given(_WISHES)
def test_whatever_is_posted_the_books_add_up(wishes: list[tuple[ObjectId, ObjectId, int, str | None]]) -> None:
    books = _books()
    for source, destination, amount, key in wishes:
        fingerprint = repr((source, destination, amount)).encode() if key else None
        try:
            books.post(_posting(source, destination, amount, key=key, fingerprint=fingerprint))
        except IdempotencyKeyReused:
            continue

    issued = -sum(entry["amount"] for entry in books.entries if entry["account"] in BANK_ACCOUNTS)
    assert sum(entry["amount"] for entry in books.entries) == 0
    assert sum(_balances(books)) == 300 + issued
    for person in (ASHA, RAVI, MIRA):
        balance, seq = 100, 1
        for entry in (line for line in books.entries if line["account"] == person):
            balance, seq = balance + entry["amount"], seq + 1
            assert (entry["balance"], entry["seq"]) == (balance, seq)
            assert balance >= 0
        assert (books.accounts[person].balance, books.accounts[person].seq) == (balance, seq)
        assert (person in books.touched) is (seq > 1)


@given(_WISHES)
def test_each_completed_transaction_has_entries_and_each_key_one(
    wishes: list[tuple[ObjectId, ObjectId, int, str | None]],
) -> None:
    books = _books()
    for source, destination, amount, key in wishes:
        try:
            books.post(_posting(source, destination, amount, key=key, fingerprint=b"f" if key else None))
        except IdempotencyKeyReused:
            continue

    moved: dict[Any, list[int]] = {}
    for entry in books.entries:
        moved.setdefault(entry["transaction"], []).append(entry["amount"])
    completed = [record for record in books.transactions if record["status"] == "completed"]
    keys = [(record["ownerId"], record["key"]) for record in books.transactions if "key" in record]
    assert moved == {record["_id"]: [-record["amount"], record["amount"]] for record in completed}
    assert len(set(keys)) == len(keys)


@given(st.lists(st.tuples(st.booleans(), _PEOPLE, _PEOPLE, st.integers(1, 150)).filter(lambda w: w[1] != w[2])))
def test_nobody_pays_what_is_held(wishes: list[tuple[bool, ObjectId, ObjectId, int]]) -> None:
    books = _books()
    for is_hold, source, destination, amount in wishes:
        if is_hold and source not in BANK_ACCOUNTS:
            books.hold(_hold(amount, account=source, payee=destination), None)
        else:
            books.post(_posting(source, destination, amount))
        assert all(0 <= account.held <= account.balance for account in books.accounts.values())

"""The mutants: what the suite must never let pass. Each is a defect that somebody could well write.

``make mutants`` tries all of them. One that does not fit the code any more fails, too: it has to follow the code.
"""

from tests.mutants.mutant import Change, Mutant, mutant

POSTING, STORE = "paytm/ledger/posting.py", "paytm/ledger/store.py"

_NO_GUARD = Change(POSTING, "elif account.balance - account.held + amount < 0:", "elif False:")
_GONE_ONCE = "[the transaction is gone, once]"
_COMMIT = f"tests/faults/test_failpoints.py::test_a_transfer_whose_commit_fails_is_made_once{_GONE_ONCE}"
_ACKNOWLEDGED = "tests/faults/test_lost_majority.py::test_nothing_is_acknowledged_before_it_is_safe"

# What a change of the ledger's way to MongoDB could break.
DURABILITY = (
    mutant(
        "one server alone acknowledges (w: 1)",
        "paytm/db.py",
        'write_concern=WriteConcern("majority")',
        "write_concern=WriteConcern(1)",
        _ACKNOWLEDGED,
    ),
    mutant(
        "a replay comes from a local read",
        "paytm/account/submission.py",
        """    engine: Engine = current_app.extensions["ledger"]
    return _confirmed(caller, lambda revocations: engine.submit(""",
        """    from pymongo.read_concern import ReadConcern

    journal = db.database()["transactions"].with_options(read_concern=ReadConcern("local"))
    found = journal.find_one({"ownerId": posting.owner, "key": posting.key}) if posting.key else None
    if found:
        return Outcome(found, replayed=True)
    engine: Engine = current_app.extensions["ledger"]
    return _confirmed(caller, lambda revocations: engine.submit(""",
        _ACKNOWLEDGED,
    ),
    mutant(
        "the key is inserted outside the transaction",
        STORE,
        'db.write({"insert": "transactions", "documents": books.transactions}, session=session)',
        'db.write({"insert": "transactions", "documents": books.transactions}, session=None)',
        _COMMIT,
    ),
    mutant(
        "a balance is written without the session",
        STORE,
        'db.write({"update": "accounts", "updates": updates}, session=session)',
        'db.write({"update": "accounts", "updates": updates}, session=None)',
        _COMMIT,
    ),
    mutant(
        "entries are written without the session",
        STORE,
        'db.write({"insert": "entries", "documents": books.entries}, session=session)',
        'db.write({"insert": "entries", "documents": books.entries}, session=None)',
        _COMMIT,
    ),
    mutant(
        "the outbox's row is written without the session",
        STORE,
        'db.write({"insert": OUTBOX, "documents": [_news(books.announced)]}, session=session)',
        'db.write({"insert": OUTBOX, "documents": [_news(books.announced)]}, session=None)',
        _COMMIT,
    ),
    mutant(
        "the outbox's row is left out",
        STORE,
        "if books.announced:",
        "if False:",
        "tests/api/test_transactions.py::test_what_moved_is_told_once",
    ),
)

# What a posting decides.
DECISIONS = (
    Mutant(
        "nobody asks for the balance",
        (_NO_GUARD,),
        ("tests/concurrency/test_double_spend.py::test_the_whole_balance_can_be_sent_only_once",),
    ),
    Mutant(
        "nobody asks for the balance, nor does the database",
        (
            _NO_GUARD,
            Change(STORE, '"balance": {"bsonType": "long", "minimum": 0}', '"balance": {"bsonType": "long"}'),
            Change("paytm/account/models.py", '"balance": {"bsonType": "long", "minimum": 0}', '"balance": {}'),
        ),
        ("tests/concurrency/test_double_spend.py::test_different_payees_share_no_money_twice",),
    ),
    mutant(
        "held money can be spent",
        POSTING,
        "elif account.balance - account.held + amount < 0:",
        "elif account.balance + amount < 0:",
        "tests/api/test_holds.py::test_what_is_held_cannot_be_sent",
    ),
    mutant(
        "a frozen account pays",
        POSTING,
        """            elif account is None or account.status != "active":
                return {"reason": INACTIVE_PAYER}""",
        """            elif account is None:
                return {"reason": INACTIVE_PAYER}""",
        "tests/api/test_accounts_frozen.py::test_a_frozen_account_neither_pays_nor_is_paid",
    ),
    mutant(
        "limits are not counted",
        POSTING,
        "payer.usage = charged",
        "pass",
        "tests/api/test_accounts_limits.py::test_more_than_the_day_allows_is_declined_and_charges_nothing",
    ),
    mutant(
        "a key stands for any request",
        POSTING,
        'if earlier["fingerprint"] != fingerprint:',
        "if False:",
        "tests/api/test_idempotency.py::test_a_key_for_another_request_is_refused",
    ),
    mutant(
        "a posting does not read whether sessions were revoked",
        POSTING,
        "if primary is None or primary.revocations != revocations:",
        "if primary is None:",
        "tests/concurrency/test_sessions.py::test_no_transfer_that_begins_after_sign_out_has_answered_succeeds",
    ),
)

# What features add to a posting, in its transaction.
FEATURES = (
    mutant(
        "a refund may be above the original",
        "paytm/transaction/refunds.py",
        "if left == 0 or (amount or 0) > left:",
        "if left == 0:",
        "tests/api/test_transactions.py::test_a_refund_is_never_above_the_original",
    ),
    mutant(
        "a request for money is paid again",
        "paytm/transaction/requests.py",
        'is_open = {"_id": request_id, "status": PENDING, "expiresAt": {"$gt": posting.at}}',
        'is_open = {"_id": request_id}',
        "tests/api/test_transactions.py::test_a_request_is_paid_exactly_once",
    ),
    mutant(
        "a record of the cash book is settled again",
        "paytm/cashbook/settlement.py",
        'if "request" not in by or not requests.is_over(by["request"], now, session=session):',
        "if False:",
        "tests/api/test_cashbook_settling.py::test_a_settled_record_is_not_settled_again_or_changed",
    ),
    mutant(
        "more is sold than there is",
        "paytm/product/stock.py",
        '"stock": {"$gte": -change["stock"]}',
        '"stock": {"$exists": True}',
        "tests/api/test_orders.py::test_more_than_is_left_is_refused",
    ),
    mutant(
        "a cancelled order keeps its stock",
        "paytm/order/closing.py",
        '    stock.give_back(shares.quantities(order["items"]), session=session)\n    if',
        "    if",
        "tests/api/test_orders.py::TestLater::test_it_is_cancelled",
    ),
    mutant(
        "a hold that ends releases nothing",
        "paytm/ledger/holds.py",
        'release = {"$inc": {"held": Int64(-ended["amount"])}}',
        'release = {"$inc": {"held": Int64(0)}}',
        "tests/api/test_holds.py::test_what_is_not_captured_of_a_hold_is_free_again",
    ),
    mutant(
        "a hold that came to an end comes to another",
        "paytm/ledger/holds.py",
        '{"_id": hold_id, "status": AUTHORISED, **(condition or {})},',
        '{"_id": hold_id, **(condition or {})},',
        "tests/api/test_holds.py::test_a_hold_that_came_to_one_end_comes_to_no_other",
    ),
    mutant(
        "an order's share is refunded again and again",
        "paytm/order/refunds.py",
        'if not 0 < given <= share["left"]:',
        "if not 0 < given:",
        "tests/api/test_orders.py::TestRefunds::test_in_parts_up_to_what_was_paid",
    ),
)

# What proves it all in the end.
PROOFS = (
    mutant(
        "the audit does not compare balances with entries",
        "paytm/ledger/audit.py",
        'if (account["balance"], account["seq"]) != (balance, seq):',
        "if False:",
        "tests/api/test_audit.py::test_a_corrupted_record_is_named",
    ),
)

MUTANTS = DURABILITY + DECISIONS + FEATURES + PROOFS

"""Group commit, with a commit that is a list in memory."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from bson import ObjectId
from pymongo.errors import AutoReconnect, ExecutionTimeout, OperationFailure, ServerSelectionTimeoutError

from paytm.errors import ApiError, IdempotencyKeyReused, Unavailable
from paytm.ledger.engine import Batch, Commit, Engine
from paytm.ledger.posting import Outcome, Posting, movement

NOW = datetime(2024, 1, 1, tzinfo=UTC)
_PATIENCE = 10.0


def _posting(note: str = "") -> Posting:
    payer, payee = ObjectId(), ObjectId()
    return Posting(
        id=ObjectId(),
        kind="transfer",
        owner=payer,
        source=payer,
        destination=payee,
        amount=1,
        legs=movement(payer, payee, 1),
        at=NOW,
        note=note,
    )


def _done(posting: Posting) -> Outcome:
    return Outcome({"_id": posting.id, "status": "completed", "note": posting.note})


class Store:
    """Commits to a list; ``behave`` may refuse or fail a batch, and the door, when shut, holds each batch up."""

    def __init__(self, behave: Commit | None = None) -> None:
        self.batches: list[list[str]] = []
        self.entered = threading.Semaphore(0)
        self.door = threading.Event()
        self.door.set()
        self._behave: Commit = behave or (lambda postings: [_done(posting) for posting in postings])

    def __call__(self, postings: Sequence[Posting]) -> list[Outcome | ApiError]:
        self.batches.append([posting.note or "" for posting in postings])
        self.entered.release()
        assert self.door.wait(_PATIENCE)
        return self._behave(postings)


@pytest.fixture
def start() -> Iterator[Callable[..., Engine]]:
    """Make engines that are closed when the test is over."""
    engines: list[Engine] = []

    def make(commit: Commit, **options: object) -> Engine:
        engines.append(Engine(commit, **{"patience": _PATIENCE, **options}))  # type: ignore[arg-type]
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(64) as threads:
        yield threads


def _pile_up(engine: Engine, store: Store, pool: ThreadPoolExecutor, notes: Sequence[str]) -> list[Future[Outcome]]:
    """Keep the committer busy with one posting, and let others gather in order behind it."""
    store.door.clear()
    pool.submit(engine.submit, _posting("first"))
    assert store.entered.acquire(timeout=_PATIENCE)
    waiting = []
    for size, note in enumerate(notes, start=1):
        waiting.append(pool.submit(engine.submit, _posting(note)))
        _until(lambda size=size: engine._waiting.qsize() >= size)  # type: ignore[misc]
    return waiting


def _until(condition: Callable[[], bool]) -> None:
    turn = threading.Event()
    for _ in range(10_000):
        if condition():
            return
        turn.wait(0.0005)
    raise AssertionError("it never came true")


NOTES = ["a", "b", "c", "d", "e"]


def test_a_lone_posting_is_committed_at_once(start: Callable[..., Engine]) -> None:
    store = Store()
    posting = _posting("alone")

    outcome = start(store).submit(posting)

    assert outcome.transaction["_id"] == posting.id
    assert store.batches == [["alone"]]


def test_all_that_wait_share_the_next_batch(start: Callable[..., Engine], pool: ThreadPoolExecutor) -> None:
    store = Store()
    waiting = _pile_up(start(store), store, pool, NOTES)
    store.door.set()

    assert [future.result(_PATIENCE).transaction["note"] for future in waiting] == NOTES
    assert store.batches == [["first"], NOTES]


def test_a_batch_has_a_largest_size(start: Callable[..., Engine], pool: ThreadPoolExecutor) -> None:
    store = Store()
    waiting = _pile_up(start(store, largest=2), store, pool, NOTES)
    store.door.set()

    assert all(future.result(_PATIENCE).completed for future in waiting)
    assert store.batches == [["first"], ["a", "b"], ["c", "d"], ["e"]]


def test_a_full_batch_does_not_wait_for_more(start: Callable[..., Engine], pool: ThreadPoolExecutor) -> None:
    store = Store()
    waiting = _pile_up(start(store, largest=5), store, pool, NOTES)
    store.door.set()

    assert all(future.result(_PATIENCE).completed for future in waiting)
    assert store.batches == [["first"], NOTES]


def test_every_caller_gets_its_own_answer(start: Callable[..., Engine], pool: ThreadPoolExecutor) -> None:
    engine = start(Store())
    postings = [_posting(f"{number}") for number in range(200)]

    outcomes = list(pool.map(engine.submit, postings))

    assert [outcome.transaction["_id"] for outcome in outcomes] == [posting.id for posting in postings]


def test_a_refusal_is_for_one_posting(start: Callable[..., Engine], pool: ThreadPoolExecutor) -> None:
    def refuse(postings: Sequence[Posting]) -> list[Outcome | ApiError]:
        return [IdempotencyKeyReused() if posting.note == "c" else _done(posting) for posting in postings]

    store = Store(refuse)
    waiting = _pile_up(start(store), store, pool, NOTES)
    store.door.set()

    assert isinstance(waiting[2].exception(_PATIENCE), IdempotencyKeyReused)
    assert all(waiting[index].result(_PATIENCE).completed for index in (0, 1, 3, 4))
    assert len(store.batches) == 2


POISONS = [ValueError("bson cannot hold it"), OperationFailure("Document failed validation", 121), OverflowError()]


@pytest.mark.parametrize("error", POISONS, ids=repr)
def test_a_poisonous_posting_is_found_and_the_others_succeed(
    start: Callable[..., Engine], pool: ThreadPoolExecutor, error: Exception
) -> None:
    def fail(postings: Sequence[Posting]) -> list[Outcome | ApiError]:
        if any(posting.note == "c" for posting in postings):
            raise error
        return [_done(posting) for posting in postings]

    store = Store(fail)
    waiting = _pile_up(start(store), store, pool, NOTES)
    store.door.set()

    refused = waiting[2].exception(_PATIENCE)
    assert isinstance(refused, Unavailable)
    assert refused.__cause__ is error
    assert [waiting[index].result(_PATIENCE).transaction["note"] for index in (0, 1, 3, 4)] == ["a", "b", "d", "e"]


def _labelled(label: str) -> OperationFailure:
    error = OperationFailure("write conflict", 112)
    error._add_error_label(label)
    return error


OUTAGES = [
    AutoReconnect("gone"),
    ServerSelectionTimeoutError("nobody"),
    ExecutionTimeout("too slow", 50),
    _labelled("TransientTransactionError"),
    _labelled("UnknownTransactionCommitResult"),
]


@pytest.mark.parametrize("error", OUTAGES, ids=lambda error: type(error).__name__)
def test_an_outage_is_told_to_all_without_trying_each(
    start: Callable[..., Engine], pool: ThreadPoolExecutor, error: Exception
) -> None:
    def fail(postings: Sequence[Posting]) -> list[Outcome | ApiError]:
        raise error

    store = Store(fail)
    waiting = _pile_up(start(store), store, pool, NOTES)
    store.door.set()

    assert {type(future.exception(_PATIENCE)) for future in waiting} == {Unavailable}
    assert store.batches == [["first"], NOTES]


def test_the_engine_goes_on_after_an_outage(start: Callable[..., Engine]) -> None:
    failures = iter([AutoReconnect("gone")])

    def fail_once(postings: Sequence[Posting]) -> list[Outcome | ApiError]:
        for error in failures:
            raise error
        return [_done(posting) for posting in postings]

    engine = start(fail_once)
    with pytest.raises(Unavailable):
        engine.submit(_posting())

    assert engine.submit(_posting()).completed


def test_a_caller_waits_no_longer_than_its_patience(start: Callable[..., Engine]) -> None:
    store = Store()
    store.door.clear()
    engine = start(store, patience=0.01)

    with pytest.raises(Unavailable) as refused:
        engine.submit(_posting())

    assert refused.value.retry_after is not None
    store.door.set()


def test_what_nobody_waits_for_any_more_is_not_committed(
    start: Callable[..., Engine], pool: ThreadPoolExecutor
) -> None:
    store = Store()
    store.door.clear()
    engine = start(store, patience=0.2)
    pool.submit(engine.submit, _posting("first"))
    assert store.entered.acquire(timeout=_PATIENCE)
    late = pool.submit(engine.submit, _posting("late"))
    assert isinstance(late.exception(_PATIENCE), Unavailable)

    store.door.set()
    engine.close()

    assert store.batches == [["first"]]


def test_closing_answers_those_who_wait(start: Callable[..., Engine], pool: ThreadPoolExecutor) -> None:
    store = Store()
    engine = start(store)
    waiting = _pile_up(engine, store, pool, NOTES)
    closing = pool.submit(engine.close)
    _until(lambda: engine._closed)
    store.door.set()

    closing.result(_PATIENCE)
    assert all(future.result(_PATIENCE).completed for future in waiting)


def test_closing_answers_more_than_one_batch(start: Callable[..., Engine], pool: ThreadPoolExecutor) -> None:
    store = Store()
    engine = start(store, largest=2)
    waiting = _pile_up(engine, store, pool, NOTES)
    closing = pool.submit(engine.close)
    _until(lambda: engine._closed)
    store.door.set()

    closing.result(_PATIENCE)
    assert all(future.result(_PATIENCE).completed for future in waiting)


def test_a_closed_engine_refuses_what_comes(start: Callable[..., Engine]) -> None:
    store = Store()
    engine = start(store)
    engine.close()

    with pytest.raises(Unavailable):
        engine.submit(_posting())
    assert store.batches == []


def test_closing_twice_is_fine(start: Callable[..., Engine]) -> None:
    engine = start(Store())
    engine.submit(_posting())

    engine.close()
    engine.close()


def test_no_thread_runs_before_the_first_posting(start: Callable[..., Engine]) -> None:
    engine = start(Store())

    assert engine._committer is None
    engine.submit(_posting())
    assert engine._committer is not None


def test_no_thread_runs_after_closing(start: Callable[..., Engine]) -> None:
    engine = start(Store())
    engine.submit(_posting())
    engine.close()

    assert engine._committer is not None
    assert not engine._committer.is_alive()


def test_many_first_postings_at_once_start_one_committer(
    start: Callable[..., Engine], pool: ThreadPoolExecutor
) -> None:
    engine, barrier = start(Store()), threading.Barrier(16)
    threads = set(threading.enumerate())

    def first(_: int) -> Outcome:
        barrier.wait(_PATIENCE)
        return engine.submit(_posting())

    assert all(outcome.completed for outcome in pool.map(first, range(16)))
    assert [thread.name for thread in set(threading.enumerate()) - threads if thread.name == "committer"] == [
        "committer"
    ]


def test_each_batch_has_its_turn(start: Callable[..., Engine]) -> None:
    events: list[str] = []

    @contextmanager
    def turn() -> Iterator[None]:
        events.append("taken")
        yield
        events.append("given back")

    def commit(postings: Sequence[Posting]) -> list[Outcome | ApiError]:
        events.append("committed")
        return [_done(posting) for posting in postings]

    engine = start(commit, turn=turn)
    engine.submit(_posting())
    engine.submit(_posting())
    engine.close()

    assert events == ["taken", "committed", "given back"] * 2


def test_what_arrives_while_the_turn_is_waited_for_joins_the_batch(
    start: Callable[..., Engine], pool: ThreadPoolExecutor
) -> None:
    asked, given = threading.Event(), threading.Event()

    @contextmanager
    def turn() -> Iterator[None]:
        asked.set()
        assert given.wait(_PATIENCE)
        yield

    store = Store()
    engine = start(store, turn=turn)
    first = pool.submit(engine.submit, _posting("first"))
    assert asked.wait(_PATIENCE)
    second = pool.submit(engine.submit, _posting("second"))
    _until(lambda: engine._waiting.qsize() == 1)
    given.set()

    assert first.result(_PATIENCE).completed
    assert second.result(_PATIENCE).completed
    assert store.batches == [["first", "second"]]


def test_other_work_is_done_between_two_batches(start: Callable[..., Engine], pool: ThreadPoolExecutor) -> None:
    store = Store()
    engine = start(store)
    before = _pile_up(engine, store, pool, ["a", "b"])
    work = pool.submit(engine.run, lambda: list(store.batches))
    _until(lambda: engine._waiting.qsize() >= 3)
    after = pool.submit(engine.submit, _posting("c"))
    _until(lambda: engine._waiting.qsize() >= 4)
    store.door.set()

    assert work.result(_PATIENCE) == [["first"], ["a", "b"]]
    assert [future.result(_PATIENCE).completed for future in (*before, after)] == [True] * 3
    assert store.batches[2:] == [["c"]]


def test_a_refusal_of_other_work_reaches_its_caller(start: Callable[..., Engine]) -> None:
    def refuse() -> None:
        raise IdempotencyKeyReused

    with pytest.raises(IdempotencyKeyReused):
        start(Store()).run(refuse)


def test_a_fault_of_other_work_is_an_unknown_outcome(start: Callable[..., Engine]) -> None:
    def fail() -> None:
        raise AutoReconnect

    with pytest.raises(Unavailable):
        start(Store()).run(fail)


def test_other_work_that_waits_is_done_before_the_end(start: Callable[..., Engine], pool: ThreadPoolExecutor) -> None:
    store = Store()
    engine = start(store)
    _pile_up(engine, store, pool, ["a"])
    work = pool.submit(engine.run, lambda: "done")
    _until(lambda: engine._waiting.qsize() >= 2)
    closed = pool.submit(engine.close)
    store.door.set()

    assert work.result(_PATIENCE) == "done"
    closed.result(_PATIENCE)


def test_each_batch_is_reported_with_its_size_and_what_waits_behind_it(
    start: Callable[..., Engine], pool: ThreadPoolExecutor
) -> None:
    reports: list[Batch] = []
    store = Store()
    engine = start(store, largest=2, on_batch=reports.append)
    waiting = _pile_up(engine, store, pool, NOTES)
    store.door.set()
    for future in waiting:
        future.result(_PATIENCE)
    engine.close()

    # The end of all stands behind the last one.
    assert [(batch.outcome, batch.size) for batch in reports] == [("done", size) for size in (1, 2, 2, 1)]
    assert [batch.waiting for batch in reports][:3] == [5, 3, 1]
    assert all(batch.seconds >= 0 for batch in reports)


def test_a_batch_that_is_split_or_fails_is_reported_as_such(
    start: Callable[..., Engine], pool: ThreadPoolExecutor
) -> None:
    def fail(postings: Sequence[Posting]) -> list[Outcome | ApiError]:
        if any(posting.note == "a" for posting in postings):
            raise ValueError
        return [_done(posting) for posting in postings]

    reports: list[Batch] = []
    store = Store(fail)
    engine = start(store, on_batch=reports.append)
    waiting = _pile_up(engine, store, pool, ["a", "b"])
    store.door.set()
    waiting[0].exception(_PATIENCE)
    engine.close()

    assert [(batch.outcome, batch.size) for batch in reports] == [("done", 1), ("split", 2), ("failed", 1), ("done", 1)]


def test_who_is_told_of_batches_and_fails_harms_nobody(start: Callable[..., Engine]) -> None:
    def fail(batch: Batch) -> None:
        raise OSError

    engine = start(Store(), on_batch=fail)

    assert [engine.submit(_posting()).completed for _ in range(2)] == [True, True]

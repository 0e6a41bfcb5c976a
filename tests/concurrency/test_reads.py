"""What readers see while money moves, over HTTP to two workers."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from tests.concurrency.together import at_once
from tests.people import Person, sign_up
from tests.server import Server


def test_a_payer_sees_the_new_balance_once_the_transfer_has_answered(server: Server) -> None:
    shop = sign_up(server.call)

    def pay(_: int) -> list[float]:
        # Each has an account of its own; balances are read over connections to either worker.
        payer = sign_up(server.call)
        balances = []
        for _turn in range(10):
            assert payer.send(shop, 1).status == 200
            balances.append(payer.balance())
        return balances

    assert at_once(8, pay) == [[float(99 - turn) for turn in range(10)]] * 8


def test_a_payee_sees_the_money_once_the_transfer_has_answered(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)

    with ThreadPoolExecutor(1) as reader:
        for turn in range(1, 21):
            assert asha.send(ravi, 1).status == 200
            assert reader.submit(ravi.balance).result() == 100 + turn


def test_history_shows_a_transfer_once_it_has_answered(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)

    def pay(_: int) -> bool:
        made = asha.send(ravi, 0.01).body["transactionId"]
        return made in {line["id"] for line in ravi.get("/account/transactions?limit=100").body["transactions"]}

    assert at_once(32, pay) == [True] * 32


def test_a_polled_balance_only_goes_one_way(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)
    over = Event()

    def poll(person: Person) -> list[float]:
        seen = [person.balance()]
        while not over.is_set():
            seen.append(person.balance())
        return seen

    with ThreadPoolExecutor(2) as readers:
        falling, rising = readers.submit(poll, asha), readers.submit(poll, ravi)
        try:
            assert {answer.status for answer in at_once(40, lambda _: asha.send(ravi, 1))} == {200}
        finally:
            over.set()
    assert falling.result() == sorted(falling.result(), reverse=True)
    assert rising.result() == sorted(rising.result())

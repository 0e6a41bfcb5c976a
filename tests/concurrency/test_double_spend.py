"""Many requests for the same money at once, over HTTP to two workers."""

from concurrent.futures import ThreadPoolExecutor

from tests.people import Person, sign_up
from tests.server import Server


def test_the_whole_balance_can_be_sent_only_once(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda number: asha.send(ravi, 100, key=f"key-{number}"), range(50)))

    assert sorted(answer.status for answer in answers) == [200] + [400] * 49
    assert (asha.balance(), ravi.balance()) == (0, 200)


def _same_key(payer: Person, payee: Person) -> list[object]:
    with ThreadPoolExecutor(50) as pool:
        return list(pool.map(lambda _: payer.send(payee, 1, key="once"), range(50)))

"""Money that moves is told to those whose it is: once, in order, and on whichever process they are."""

from concurrent.futures import ThreadPoolExecutor

from tests.people import Person, sign_up
from tests.realtime.listeners import Node
from tests.server import Server

Servers = tuple[Server, Server]
People = tuple[Person, Person]


def test_a_transfer_is_told_to_both_as_rest_shows_it(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    sender, payee = node.connect(servers[0].url, asha), node.connect(servers[1].url, ravi)

    sent = asha.send(ravi, 12.5, note="chai")

    paid, got = sender.wait_for("transfer"), payee.wait_for("transfer")
    assert (paid["direction"], paid["amount"], paid["balance"]) == ("out", 12.5, 87.5)
    assert (got["direction"], got["amount"], got["balance"]) == ("in", 12.5, 112.5)
    assert got["account"] == ravi.id
    (line, *_) = ravi.get("/account/transactions").body["transactions"]
    shown = {name: line[name] for name in ("kind", "counterparty", "note", "createdAt")}
    assert {name: got[name] for name in shown} == shown
    assert got["transactionId"] == paid["transactionId"] == sent.body["transactionId"]


def test_many_at_once_come_once_and_in_order_to_every_socket(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    both = [node.connect(server.url, ravi) for server in servers]

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: asha.send(ravi, 1), range(40)))

    for listener in both:
        listener.wait_for("transfer", times=40)
        told = listener.all("transfer")
        assert [event["balance"] for event in told] == [float(101 + n) for n in range(40)]
        assert {event["transactionId"] for event in told} == {answer.body["transactionId"] for answer in sent}


def test_a_further_account_is_followed_from_its_opening_on(node: Node, servers: Servers, people: People) -> None:
    asha, _ = people
    listener = node.connect(servers[1].url, asha)
    opened = asha.call("POST", "/account", json={"name": "Rent"}, headers=asha.headers).body["account"]

    form = {"fromAccount": asha.id, "toAccount": opened["id"], "amount": 5}
    assert asha.call("POST", "/transaction", json=form, headers={**asha.headers, "Idempotency-Key": "1"}).status == 201

    listener.wait_for("transfer", times=2)
    assert {(event["account"], event["balance"]) for event in listener.all("transfer")} == {
        (asha.id, 95),
        (opened["id"], 5),
    }


def test_nobody_hears_of_others_money(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    mallory = sign_up(servers[0].call, "Mallory")
    curious, payee = node.connect(servers[0].url, mallory), node.connect(servers[0].url, ravi)
    for event in ("join", "join_room", "subscribe", "room"):
        curious.emit(event, ravi.id)

    asha.send(ravi, 5)
    payee.wait_for("transfer")
    asha.send(mallory, 1)
    curious.wait_for("transfer")

    assert [event["account"] for event in curious.all("transfer")] == [mallory.id]


def test_what_was_missed_is_found_by_the_cursor_of_an_event(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    listener = node.connect(servers[1].url, ravi)
    asha.send(ravi, 1)
    cursor = listener.wait_for("transfer")["cursor"]
    listener.close()
    asha.send(ravi, 2)

    missed = ravi.get(f"/event?since={cursor}").body

    assert [event["data"]["amount"] for event in missed["events"]] == [2]

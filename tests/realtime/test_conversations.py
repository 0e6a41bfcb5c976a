"""Messages, orders and requests for money over sockets, in two processes: once, in order, and as REST shows them."""

from tests.ordering import act, order, seen
from tests.people import Person, sign_up
from tests.realtime.listeners import Node
from tests.server import Server
from tests.shop import merchant, offer
from tests.talking import say

Servers = tuple[Server, Server]
People = tuple[Person, Person]


def test_a_message_reaches_both_people_once_and_its_mark_the_sender(
    node: Node, servers: Servers, people: People
) -> None:
    asha, ravi = people
    writer, reader = node.connect(servers[0].url, asha), node.connect(servers[1].url, ravi)

    sent = [say(asha, ravi, text) for text in ("one", "two", "three")]
    for listener in (writer, reader):
        listener.wait_until(lambda listener=listener: len(listener.all("newMessage")) == 3)
        assert [message["id"] for message in listener.all("newMessage")] == sent
    shown = ravi.get(f"/message/{asha.id}").body["messages"]
    assert reader.all("newMessage") == shown

    assert ravi.call("PUT", f"/message/mark/{asha.id}", headers=ravi.headers).body == {"read": 3}
    assert writer.wait_for("messagesRead") == {"userId": ravi.id, "upTo": sent[-1], "count": 3}
    asha.call("DELETE", f"/message/{sent[0]}", headers=asha.headers)
    assert reader.wait_for("messageDeleted")["deleted"] is True


def test_others_hear_nothing_of_it(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    meena = sign_up(servers[0].call)
    stranger, reader = node.connect(servers[0].url, meena), node.connect(servers[1].url, ravi)

    say(asha, ravi, "between us")
    reader.wait_for("newMessage")
    asha.send(meena, 1)
    stranger.wait_for("transfer")

    assert stranger.all("newMessage") == []


def test_a_request_for_money_is_told_to_both_people(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    payee, payer = node.connect(servers[0].url, asha), node.connect(servers[1].url, ravi)
    wanted = {"from": ravi.id, "amount": 5}

    for ending in ("decline", "pay"):
        asked = asha.call("POST", "/transaction/request", json=wanted, headers=asha.headers).body["request"]
        form = {"idempotencyKey": ending}
        ravi.call("POST", f"/transaction/request/{asked['id']}/{ending}", json=form, headers=ravi.headers)

    for listener in (payee, payer):
        listener.wait_for("requestUpdated", times=4)
        told = [request["status"] for request in listener.all("requestUpdated")]
        assert (told[1], told[3]) == ("declined", "paid")
        assert listener.all("requestUpdated")[3] == ravi.get("/transaction/request").body["requests"][0]


def test_an_order_is_told_to_buyer_and_merchant(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    lamp = offer(merchant(asha))
    seller, buyer = node.connect(servers[0].url, asha), node.connect(servers[1].url, ravi)

    made = order(ravi, {lamp: 1}, "hold")
    act(asha, made, "capture")

    for listener in (seller, buyer):
        listener.wait_until(lambda listener=listener: len(listener.all("orderUpdated")) == 2)
        assert [one["status"] for one in listener.all("orderUpdated")][-1] == "paid"
    assert buyer.all("orderUpdated")[-1] == seen(ravi, made)

"""Messages whose commit fails: repeated with their client id, they are sent exactly once."""

from typing import Any

import pytest

from paytm.chat import audit
from tests.api.stored import count
from tests.faults.conftest import Fail
from tests.people import Answer, Person
from tests.pictures import data_url, encoded
from tests.talking import say, thread, unread, write

FAULTS: dict[str, dict[str, Any]] = {
    "its connection is cut": {"closeConnection": True},
    "it lands but a majority fails": {"writeConcernError": {"code": 64, "errmsg": "injected"}},
    "it lands but the answer says start again": {
        "writeConcernError": {"code": 251, "errmsg": "injected"},
        "errorLabels": ["TransientTransactionError"],
    },
    "it takes too long, twice": {"times": 2, "errorCode": 50},
}


def _insist(sender: Person, recipient: Person, **body: Any) -> Answer:
    answers = (write(sender, recipient, **body) for _ in range(20))
    return next(answer for answer in answers if answer.status != 503)


@pytest.mark.parametrize("client_id", ["c", None])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_message_whose_commit_fails_is_sent_once(
    asha: Person, ravi: Person, fail: Fail, fault: str, client_id: str | None
) -> None:
    say(ravi, asha)
    fail("commitTransaction", **FAULTS[fault])

    answer = _insist(asha, ravi, clientId=client_id) if client_id else write(asha, ravi)

    assert answer.status in ({201} if client_id else {201, 503})
    sent = [message["id"] for message in thread(ravi, asha) if message["senderId"] == asha.id]
    assert sent == [answer.body["message"]["id"]] if answer.status == 201 else len(sent) <= 1
    assert unread(ravi)[asha.id] == len(sent)
    audit.check()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_picture_whose_commit_fails_is_there_once(asha: Person, ravi: Person, fail: Fail, fault: str) -> None:
    fail("commitTransaction", **FAULTS[fault])

    message = _insist(asha, ravi, image=data_url(encoded()), clientId="c").body["message"]

    assert [line["image"] for line in thread(ravi, asha)] == [message["image"]]
    assert ravi.call("GET", message["image"].removeprefix("/api/v1"), headers=ravi.headers).status == 200
    # Whatever else was stored meanwhile is due to be swept.
    assert count("pictures", dueAt={"$exists": False}) == 1

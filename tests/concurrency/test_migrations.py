"""Bringing the database up to date while others use it."""

from flask import Flask

from paytm import db
from tests.concurrency.together import at_once
from tests.people import sign_up
from tests.server import Server


def test_money_moves_while_the_database_is_brought_up_to_date(app: Flask, server: Server) -> None:
    shop = sign_up(server.call)

    def work(number: int) -> list[int]:
        if number:
            person = sign_up(server.call)
            return [person.send(shop, 1).status for _ in range(20)]
        for name in ("accounts", "entries", "transactions"):
            db.database().command("collMod", name, validator={})
            app.extensions["upgrade"].run()
        return [200] * 20

    assert at_once(5, work) == [[200] * 20] * 5
    assert shop.balance() == 180

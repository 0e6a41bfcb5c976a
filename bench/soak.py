"""The deployment of docker/ under load and a seeded choice of faults, and the proof that it lost and doubled nothing.

People pay each other, shop and write, and repeat by the contract whatever has no definite answer. In the end all heals,
every delivery goes out, and the books are audited: the live ones, and a backup that was taken under load.
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from paytm import db
from paytm.app import create_app
from paytm.user import roles
from tests.deploy import backup
from tests.deploy.deployment import SETTINGS, Deployment
from tests.deploy.faults import Storm
from tests.deploy.living import Meter, chat, shop
from tests.faults.conftest import wait_until
from tests.faults.traffic import Bustle, Traffic, assert_kept
from tests.people import Person, sign_up
from tests.shop import offer

_PAYERS, _BUYERS = 6, 3
_DRAIN_SECONDS = 180
# What happens more often in life is more often chosen.
FAULTS: dict[Callable[[Storm], None], int] = {
    Storm.kill_primary: 2,
    Storm.kill_secondary: 2,
    Storm.freeze_primary: 2,
    Storm.step_primary_down: 2,
    Storm.stop_majority: 1,
    Storm.roll_back: 1,
    Storm.kill_api_process: 2,
    Storm.kill_api: 2,
    Storm.restart_api: 2,
    Storm.kill_worker: 2,
    Storm.reload_proxy: 2,
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, help="repeats a run, as far as faults can be repeated")
    given = arguments.parse_args()
    seed = random.SystemRandom().randrange(2**32) if given.seed is None else given.seed
    print(f"seed {seed}, {given.seconds:.0f} s", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        made = Path(folder, "deployment")
        made.mkdir()
        deployment = Deployment(made, DELIVERIES_PER_SECOND="500")
        try:
            deployment.start()
            soak(deployment, Path(folder), given.seconds, random.Random(seed))
        finally:
            deployment.stop()


def soak(deployment: Deployment, folder: Path, seconds: float, chance: random.Random) -> None:
    """Let people live and faults befall them for so long, with a backup in the middle; then prove that all is right."""
    os.environ |= SETTINGS | {"MONGODB_URI": deployment.uri, "DATA_DIR": str(folder / "own")}
    create_app()
    meter = Meter(deployment.site.call)
    payers, buyers, others = ([sign_up(meter) for _ in range(count)] for count in (_PAYERS, _BUYERS, 3))
    payer, payee, seller = others
    figures = Figures(meter)
    with Traffic(*payers, pause=0.02) as traffic, Bustle(*_rounds(buyers, seller, chance), pause=0.05) as bustle:
        storm = Storm(deployment, traffic, payer, payee, chance)
        meter.gap()
        _blow(storm, figures, seconds / 2, chance)
        backup.take(deployment, storm.secondary(), folder / "backup")
        _blow(storm, figures, seconds / 2, chance)
    deployment.wait_until_healed()
    answers = {**traffic.answers, **storm.answers}
    figures.report(len(answers), bustle.done)
    print(f"defects that were logged: {dict(deployment.defects())}")
    assert_kept(answers)
    wait_until(_is_everybody_told, _DRAIN_SECONDS)
    _check_told()
    print("live:", deployment.run("flask", "--app", "wsgi", "audit"), sep="\n")
    (folder / "restored").mkdir()
    print("restored:", backup.restore(folder / "backup", folder / "restored", deployment), sep="\n")


def _rounds(buyers: list[Person], seller: Person, chance: random.Random) -> list[Callable[[], None]]:
    """Return what people do besides paying each other."""
    assert roles.grant(seller.username, roles.MERCHANT)
    product = offer(seller, price=0.05, stock=1_000_000)
    shopping = [partial(shop, buyer, seller, product, random.Random(chance.random())) for buyer in buyers]
    chatting = [partial(chat, *pair) for pair in zip(buyers, buyers[1:] + buyers[:1], strict=True)]
    return [*shopping, *chatting]


def _blow(storm: Storm, figures: "Figures", seconds: float, chance: random.Random) -> None:
    """Let one fault follow another."""
    end = monotonic() + seconds
    while monotonic() < end:
        (fault,) = chance.choices(list(FAULTS), FAULTS.values())
        begun = monotonic()
        fault(storm)
        figures.note(fault.__name__, monotonic() - begun)
        storm.traffic.go_on(chance.uniform(0.5, 3))


class Figures:
    """What is printed of a run."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._begun = monotonic()
        self._faults: Counter[str] = Counter()
        self._longest = 0.0

    def note(self, fault: str, lasted: float) -> None:
        gap = self._meter.gap()
        self._faults[fault] += 1
        self._longest = max(self._longest, gap)
        at = monotonic() - self._begun - lasted
        print(f"{at:6.1f} s  {fault:18} no success for {gap:4.1f} s, well after {lasted:4.1f} s", flush=True)

    def report(self, transfers: int, rounds: int) -> None:
        statuses = self._meter.statuses
        lasted = monotonic() - self._begun
        print(f"{lasted:.0f} s: {statuses.total()} requests: {transfers} transfers, {rounds} orders and messages")
        print(f"{self._faults.total()} faults: {dict(self._faults.most_common())}")
        print(f"answers: {dict(statuses)}; unknown outcomes: {statuses[503] + statuses[None]}, all repeated")
        print(f"longest time without a success: {max(self._longest, self._meter.gap()):.1f} s", flush=True)


def _is_everybody_told() -> bool:
    books = db.database()
    return books["outbox"].find_one() is None and books["deliveries"].find_one({"state": "due"}) is None


def _check_told() -> None:
    """Prove that both people of each transfer were written to, once, and nobody of what was declined."""
    completed: dict[str, Any] = {"kind": "transfer", "status": "completed"}
    expected, ids = set(), []
    for transfer in db.database()["transactions"].find(completed):
        ids.append(transfer["_id"])
        expected |= {f"{transfer['_id']}.email.{transfer[side]}" for side in ("from", "to")}
    told = db.database()["deliveries"].find({"kind": "transaction.completed", "state": "sent", "event": {"$in": ids}})
    assert {delivery["_id"] for delivery in told} == expected
    print(f"{len(expected)} e-mails of {len(ids)} transfers went out", flush=True)


if __name__ == "__main__":
    sys.exit(main())

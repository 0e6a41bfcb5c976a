"""What befalls the deployment while people pay each other; each fault heals what it broke, and waits for success."""

import os
import random
import secrets
import signal
from concurrent.futures import ThreadPoolExecutor

from tests.deploy.deployment import Deployment
from tests.deploy.processes import Member
from tests.faults import retrying
from tests.faults.conftest import wait_until
from tests.faults.traffic import Traffic
from tests.people import Answer, Person

# The longest that anybody waits for the first success after a fault.
PATIENCE_SECONDS = 15
_AT_ONCE = 4
_TRIES = 3


class Storm:
    """Breaks a deployment under traffic, in one way after the other.

    :param payer: somebody outside of the traffic, who pays while nothing can be acknowledged.
    :param chance: chooses among what is alike.
    :ivar answers: the definite answer to each key of the payer's.
    """

    def __init__(
        self, deployment: Deployment, traffic: Traffic, payer: Person, payee: Person, chance: random.Random
    ) -> None:
        self.deployment = deployment
        self.traffic = traffic
        self.answers: dict[str, Answer] = {}
        self._payer = payer
        self._payee = payee
        self._chance = chance

    def kill_primary(self) -> None:
        primary = self.deployment.primary()
        primary.kill()
        self._fail_over(primary)
        primary.start()
        self.deployment.wait_until_healed()

    def kill_secondary(self) -> None:
        secondary = self.secondary()
        secondary.kill()
        self._recover()
        secondary.start()
        self.deployment.wait_until_healed()

    def freeze_primary(self, seconds: float = 0) -> None:
        """The others elect one; the old one, when it goes on, has nothing to say any more."""
        primary = self.deployment.primary()
        primary.pause()
        try:
            self._fail_over(primary)
            self.traffic.go_on(seconds)
        finally:
            primary.resume()
        self._recover()
        self.deployment.wait_until_healed()

    def step_primary_down(self) -> None:
        self.deployment.step_down()
        self._recover()

    def stop_majority(self, seconds: float = 1) -> None:
        """Freeze both secondaries: meanwhile nothing is acknowledged, and that is said in time."""
        secondaries = self._secondaries()
        for secondary in secondaries:
            secondary.pause()
        try:
            keys = self._attempt_in_vain()
            self.traffic.succeeded.clear()
            self.traffic.go_on(seconds)
            assert not self.traffic.succeeded.is_set(), "a transfer was acknowledged without a majority"
        finally:
            for secondary in secondaries:
                secondary.resume()
        self._settle(keys)
        self._recover()
        self.deployment.wait_until_healed()

    def roll_back(self) -> None:
        """Let a primary write what no majority ever gets, and lose its place and that with it."""
        for _ in range(_TRIES):
            primary, secondaries = self.deployment.primary(), self._secondaries()
            for secondary in secondaries:
                secondary.kill()
            keys = self._attempt_in_vain()
            primary.kill()
            self.deployment.start_members(*secondaries)
            self._recover()
            primary.start()
            self._settle(keys)
            self.deployment.wait_until_healed()
            if primary.has_rolled_back():
                return
        raise AssertionError("it knew each time, before anything was written, that it was alone")

    def kill_api_process(self) -> None:
        """Kill a process that serves requests; gunicorn puts another in its place."""
        api = self._chance.choice(self.deployment.apis)
        (worker,) = api.children()
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: api.children() not in ([], [worker]))
        self._recover()

    def kill_api(self) -> None:
        """Kill a whole API server; the proxy sends everything to the other one."""
        api = self._chance.choice(self.deployment.apis)
        api.kill()
        self._recover()
        api.start()
        self.deployment.wait_for_apis()

    def restart_api(self) -> None:
        """Replace an API server by another one, as an upgrade does."""
        api = self._chance.choice(self.deployment.apis)
        api.stop()
        api.start()
        self._recover()
        self.deployment.wait_for_apis()

    def kill_worker(self) -> None:
        self.deployment.worker.kill()
        self.deployment.worker.start()

    def reload_proxy(self) -> None:
        before = self.deployment.proxy.children()
        self.deployment.proxy.send(signal.SIGHUP)
        wait_until(lambda: not set(before) & set(self.deployment.proxy.children()))
        self._recover()

    def secondary(self) -> Member:
        """Return one of those that follow the primary."""
        return self._chance.choice(self._secondaries())

    def _fail_over(self, old: Member) -> None:
        """Wait for another primary than the old one, and for the first success with it."""
        others = [member for member in self.deployment.members if member is not old]
        wait_until(lambda: any(member.is_primary() for member in others), PATIENCE_SECONDS)
        self._recover()

    def _recover(self) -> None:
        self.traffic.wait_for_success(PATIENCE_SECONDS)

    def _secondaries(self) -> list[Member]:
        primary = self.deployment.primary()
        return [member for member in self.deployment.members if member is not primary]

    def _attempt_in_vain(self) -> list[str]:
        """Pay, and see each payment answered by 503 with Retry-After."""
        keys = [secrets.token_hex(8) for _ in range(_AT_ONCE)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            answers = list(pool.map(lambda key: retrying.attempt(self._payer, self._payee, 0.01, key=key), keys))
        assert all(answer is not None and not retrying.is_definite(answer) for answer in answers), answers
        return keys

    def _settle(self, keys: list[str]) -> None:
        """Repeat payments until each has its answer."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            settled = pool.map(lambda key: retrying.send(self._payer, self._payee, 0.01, key=key), keys)
            self.answers.update(zip(keys, settled, strict=True))

"""Idempotency keys as Stripe keeps them: the first answer comes again, whatever it was."""

from collections.abc import Callable
from typing import Any

from paytm.dev.stripe.refusals import Refusal
from paytm.dev.stripe.store import Store

_LONGEST_KEY = 255
_IN_USE = (
    "There is currently another in-progress request using this Idempotent Key (that probably means you submitted"
    " twice, and the other request is still going through): {}. Please try again later."
)
_OTHER = (
    "Keys for idempotent requests can only be used {}. Try using a key other than '{}' if you meant to execute a"
    " different request."
)


class Keys:
    """The keys of an account."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._under_way: set[str] = set()

    def run(
        self, key: str, path: str, given: dict[str, Any], work: Callable[[], dict[str, Any]]
    ) -> tuple[int, dict[str, Any], bool]:
        """Do the work of a request, or answer as before.

        :param given: its parameters, which a repetition has to have as well.
        :returns: status, body, and whether it is an earlier answer.
        :raises Refusal: 409 while the key's first request is under way, 400 if it was another one; and what the
            work refuses without keeping it.
        """
        if len(key) > _LONGEST_KEY:
            raise Refusal(400, f"Idempotency keys can be up to {_LONGEST_KEY} characters long.", kept=False)
        with self._store.lock:
            if key in self._under_way:
                raise Refusal(409, _IN_USE.format(key), code="idempotency_key_in_use")
            earlier = self._store.find("keys", key)
            if earlier is None:
                self._under_way.add(key)
        if earlier is not None:
            _compare(key, earlier, path, given)
            return earlier["status"], earlier["body"], True
        try:
            status, body = _outcome(work)
            with self._store.open():
                self._store.put("keys", key, {"path": path, "given": given, "status": status, "body": body})
            return status, body, False
        finally:
            with self._store.lock:
                self._under_way.remove(key)


def _compare(key: str, earlier: dict[str, Any], path: str, given: dict[str, Any]) -> None:
    if earlier["path"] != path:
        how = f"for the same endpoint they were first used for ('{earlier['path']}')"
        raise Refusal(400, _OTHER.format(how, key), kind="idempotency_error")
    if earlier["given"] != given:
        how = "with the same parameters they were first used with"
        raise Refusal(400, _OTHER.format(how, key), kind="idempotency_error")


def _outcome(work: Callable[[], dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    try:
        return 200, work()
    except Refusal as refusal:
        if not refusal.kept:
            raise
        return refusal.status, refusal.body

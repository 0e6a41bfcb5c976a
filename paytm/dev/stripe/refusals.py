"""What the stand-in refuses, in Stripe's form: ``{error: {type, code, message, param}}``."""

_NAMES = {"payment_intents": "payment_intent", "sessions": "checkout.session", "refunds": "refund", "events": "event"}

_INJECTED: dict[int, tuple[str, str | None]] = {
    402: ("card_error", "card_declined"),
    409: ("invalid_request_error", "idempotency_key_in_use"),
    429: ("invalid_request_error", "rate_limit"),
}


class Refusal(Exception):
    """An answer other than 200.

    :param code: Stripe's code, which some errors go without.
    :param kept: whether a repetition with the same idempotency key gets this answer again.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        kept: bool = True,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kept = kept
        told = {"type": kind, "code": code, "message": message, "param": param}
        self.body = {"error": {name: value for name, value in told.items() if value is not None}}


def missing(kind: str, id_: str, *, param: str = "id") -> Refusal:
    """There is no such object."""
    words = f"No such {_NAMES.get(kind, kind)}: '{id_}'"
    return Refusal(404, words, code="resource_missing", param=param)


def injected(status: int) -> Refusal:
    """The failure that a test asked for."""
    kind, code = _INJECTED.get(status, ("api_error" if status >= 500 else "invalid_request_error", None))
    return Refusal(status, "This failure was asked for.", kind=kind, code=code)

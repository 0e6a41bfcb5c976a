"""Every refusal that a client can meet; :mod:`paytm.answers` makes answers of them.

ApiError                        500  internal_error
├── BadRequest                  400  bad_request
│   ├── InvalidInput            400  invalid_input
│   ├── InvalidAmount           400  invalid_amount
│   ├── InvalidIdempotencyKey   400  invalid_idempotency_key
│   │   └── NoIdempotencyKey    400  idempotency_key_required
│   ├── InvalidAccount          400  invalid_account
│   │   └── SelfTransfer        400  self_transfer
│   ├── InsufficientBalance     400  insufficient_balance
│   ├── BalanceTooLarge         400  balance_too_large
│   ├── AccountInactive         400  account_inactive
│   ├── RefundTooLarge          400  refund_too_large
│   ├── CaptureTooLarge         400  capture_too_large
│   ├── LimitExceeded           400  limit_exceeded
│   ├── UnknownProduct          400  unknown_product
│   ├── InvalidPicture          400  invalid_picture
│   ├── ImportRefused           400  import_refused
│   ├── InvalidSignature        400  invalid_signature
│   └── SecurityMail            400  security_mail
├── CredentialsRefused          401  incorrect_credentials
│   └── RefreshRefused          401  invalid_refresh_token
├── Unauthorized                403  unauthorized
├── Forbidden                   403  forbidden
│   ├── Blocked                 403  blocked
│   └── ForeignOrigin           403  foreign_origin
├── NotFound                    404  not_found
├── Conflict                    409  conflict
│   ├── EmailInUse              409  email_taken
│   ├── OutOfStock              409  out_of_stock
│   ├── CashBookFull            409  cash_book_full
│   └── TooManyEndpoints        409  too_many_endpoints
├── ContractRefusal             411  (the tutorial contract answers 411 on the user routes)
│   ├── SignUpRefused           411  incorrect_inputs
│   │   └── EmailTaken          411  email_taken
│   ├── SignInRefused           411  incorrect_credentials
│   │   └── SignInMalformed     411  incorrect_inputs
│   └── UpdateRefused           411  incorrect_inputs
├── PreconditionFailed          412  precondition_failed
├── PictureTooLarge             413  picture_too_large
├── UnsupportedBody             415  unsupported_body
├── IdempotencyKeyReused        422  idempotency_key_reused
├── PreconditionRequired        428  precondition_required
├── TooManyRequests             429  too_many_requests
│   └── TooManyAttempts         429  too_many_attempts
├── RecordUnreadable            500  record_unreadable
├── CardPaymentsRefused         502  card_payments_refused
├── CardPaymentsNotConfigured   503  card_payments_not_configured
├── EncryptionNotConfigured     503  encryption_not_configured
└── Unavailable                 503  unavailable
    ├── CardPaymentsUnavailable 503  card_payments_unavailable
    ├── DatabaseOutdated        503  database_outdated
    └── SessionInDoubt          503  unavailable
"""

from typing import Any


class ApiError(Exception):
    """A refusal with a status for HTTP, a ``code`` for programs and a ``message`` for people.

    :param message: for people, where the one of the class says too little.
    :param errors: what is wrong with which field.
    :param retry_after: seconds after which a repetition has a chance, for the ``Retry-After`` header.
    :param request_id: the request that was refused, where the refusal is a replay of an earlier one.
    """

    status = 500
    code = "internal_error"
    message = "Something went wrong"
    replayed = False

    def __init__(
        self,
        *,
        message: str | None = None,
        errors: Any = None,
        retry_after: int | None = None,
        request_id: str | None = None,
    ) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)
        self.errors = errors
        self.retry_after = retry_after
        self.request_id = request_id


class BadRequest(ApiError):
    status = 400
    code = "bad_request"
    message = "Bad request"


class InvalidInput(BadRequest):
    code = "invalid_input"
    message = "Invalid input"


class InvalidAmount(BadRequest):
    code = "invalid_amount"
    message = "Invalid amount"


class InvalidIdempotencyKey(BadRequest):
    code = "invalid_idempotency_key"
    message = "Invalid idempotency key"


class NoIdempotencyKey(InvalidIdempotencyKey):
    code = "idempotency_key_required"
    message = "Send an idempotency key, so that a repetition moves no money again"


class InvalidAccount(BadRequest):
    code = "invalid_account"
    message = "Invalid account"


class SelfTransfer(InvalidAccount):
    code = "self_transfer"


class InsufficientBalance(BadRequest):
    code = "insufficient_balance"
    message = "Insufficient balance"


class BalanceTooLarge(BadRequest):
    code = "balance_too_large"
    message = "The receiving account cannot hold that much"


class AccountInactive(BadRequest):
    code = "account_inactive"
    message = "Your account is not active"


class RefundTooLarge(BadRequest):
    code = "refund_too_large"
    message = "Less than that is left to refund"


class CaptureTooLarge(BadRequest):
    code = "capture_too_large"
    message = "Less than that was set aside"


class LimitExceeded(BadRequest):
    """``errors`` names the limit, its value, and when it starts anew."""

    code = "limit_exceeded"
    message = "That is more than the account may pay"


class UnknownProduct(BadRequest):
    """There is none, or it is sold no longer; ``errors`` names it."""

    code = "unknown_product"
    message = "Unknown product"


class InvalidPicture(BadRequest):
    """It is no picture, or one that is damaged or of another format."""

    code = "invalid_picture"
    message = "Send a picture: JPEG, PNG, WebP or GIF"


class ImportRefused(BadRequest):
    """``errors`` names the lines, and what is wrong with each; none was taken."""

    code = "import_refused"
    message = "Some lines cannot be taken, and so none was"


class InvalidSignature(BadRequest):
    """It claims to come from the payment provider, and cannot prove it."""

    code = "invalid_signature"
    message = "The signature does not fit, or is too old"


class SecurityMail(BadRequest):
    code = "security_mail"
    message = "E-mails about the security of your account cannot be switched off"


class CredentialsRefused(ApiError):
    status = 401
    code = "incorrect_credentials"
    message = "Wrong e-mail address or password"


class RefreshRefused(CredentialsRefused):
    code = "invalid_refresh_token"
    message = "Sign in to continue"


class Unauthorized(ApiError):
    status = 403
    code = "unauthorized"
    message = "Sign in to continue"


class Forbidden(ApiError):
    """The caller is known, and has no role that allows this."""

    status = 403
    code = "forbidden"
    message = "You may not do this"


class Blocked(Forbidden):
    """One of the two wants to hear nothing of the other; the answer does not tell which."""

    code = "blocked"
    message = "This person cannot be reached"


class ForeignOrigin(Forbidden):
    """A cookie came with a write that no page of ours is known to have made."""

    code = "foreign_origin"
    message = "This cannot be done from another site"


class NotFound(ApiError):
    """There is none, or it is somebody else's: the answer does not tell which."""

    status = 404
    code = "not_found"
    message = "Not found"


class Conflict(ApiError):
    """It is not, or no more, in a state for this."""

    status = 409
    code = "conflict"
    message = "This cannot be done any more"


class EmailInUse(Conflict):
    code = "email_taken"
    message = "Somebody signed up with this e-mail address"


class OutOfStock(Conflict):
    """``errors`` names the product, and how many pieces are left of it."""

    code = "out_of_stock"
    message = "Not enough of it is left"


class CashBookFull(Conflict):
    code = "cash_book_full"
    message = "Your cash book has as many records as there can be; delete some first"


class TooManyEndpoints(Conflict):
    code = "too_many_endpoints"
    message = "You have as many webhooks as there can be; delete one first"


class ContractRefusal(ApiError):
    status = 411
    code = "incorrect_inputs"


class SignUpRefused(ContractRefusal):
    message = "Email already taken / Incorrect inputs"


class EmailTaken(SignUpRefused):
    code = "email_taken"


class SignInRefused(ContractRefusal):
    code = "incorrect_credentials"
    message = "Error while logging in"


class SignInMalformed(SignInRefused):
    code = "incorrect_inputs"
    message = "Incorrect inputs"


class UpdateRefused(ContractRefusal):
    message = "Error while updating information"


class PreconditionFailed(ApiError):
    """Somebody changed it since it was read, another device of the caller's for example."""

    status = 412
    code = "precondition_failed"
    message = "This was changed meanwhile: read it again"


class PictureTooLarge(ApiError):
    status = 413
    code = "picture_too_large"
    message = "The picture is too large: at most 5 MiB and 25 megapixels"


class UnsupportedBody(ApiError):
    status = 415
    code = "unsupported_body"
    message = "Send JSON with Content-Type: application/json, not encoded"


class IdempotencyKeyReused(ApiError):
    status = 422
    code = "idempotency_key_reused"
    message = "This idempotency key was used for another request"


class PreconditionRequired(ApiError):
    status = 428
    code = "precondition_required"
    message = "Send the ETag of what you change as If-Match"


class TooManyRequests(ApiError):
    status = 429
    code = "too_many_requests"
    message = "Too many requests, try again later"


class TooManyAttempts(TooManyRequests):
    code = "too_many_attempts"
    message = "Too many attempts, try again later"


class RecordUnreadable(ApiError):
    """What is stored is not what was written there, or its key is gone; the log names the record."""

    status = 500
    code = "record_unreadable"
    message = "This record is damaged: write it anew, or delete it"


class CardPaymentsRefused(ApiError):
    """The payment provider refuses what it was asked for: repeating it brings the same answer.

    :param reason: the provider's code, or its type of error; for decisions and for the log, and told to nobody.
    """

    status = 502
    code = "card_payments_refused"
    message = "The card payment was refused by the payment provider"

    def __init__(self, *, reason: str = "") -> None:
        super().__init__()
        self.reason = reason


class CardPaymentsNotConfigured(ApiError):
    status = 503
    code = "card_payments_not_configured"
    message = "Card payments are not available here"


class EncryptionNotConfigured(ApiError):
    """There is no key to keep something confidential with, so it is not kept at all."""

    status = 503
    code = "encryption_not_configured"
    message = "This is not available here"


class Unavailable(ApiError):
    """The outcome is unknown or nothing was done; repeating with the same idempotency key is safe."""

    status = 503
    code = "unavailable"
    message = "Temporarily unavailable, try again"

    def __init__(self, *, retry_after: int = 1) -> None:
        super().__init__(retry_after=retry_after)


class CardPaymentsUnavailable(Unavailable):
    """The payment provider did not answer, or not in time; what it was asked for may have happened."""

    code = "card_payments_unavailable"
    message = "Card payments are temporarily unavailable, try again"


class DatabaseOutdated(Unavailable):
    """``init-db`` of this version was not run."""

    code = "database_outdated"
    message = "The database is not up to date: run init-db"


class SessionInDoubt(Unavailable):
    """A session of the user was revoked a moment ago, maybe the one that asks; nothing was done."""

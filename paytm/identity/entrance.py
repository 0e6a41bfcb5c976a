"""Coming in, and staying in: each time with an access token, a refresh token, and cookies of both."""

from typing import Any

from bson import ObjectId

from paytm.errors import CredentialsRefused, EmailInUse, EmailTaken, InvalidInput, RefreshRefused, SignInRefused
from paytm.identity import cookies
from paytm.ratelimit import source
from paytm.user import registration, renewal
from paytm.user.renewal import Pair
from paytm.user.sign_in import prove, sign_in
from paytm.user.tokens import Caller


def register(*, email: str, password: str, first_name: str, last_name: str) -> dict[str, Any]:
    """Create a user with an account and its opening balance, and let the user in.

    :raises EmailInUse: somebody has that e-mail address.
    """
    try:
        session = registration.sign_up(
            username=email, password=password, first_name=first_name, last_name=last_name, renewable=True
        )
    except EmailTaken as error:
        raise EmailInUse from error
    return _let_in(session)


def log_in(*, email: str, password: str) -> dict[str, Any]:
    """Let a user in.

    :raises CredentialsRefused: wrong password, no such user or a disabled one: one answer, in the same time.
    :raises TooManyAttempts: too many failed before.
    """
    try:
        session = sign_in(username=email, password=password, source=source(), renewable=True)
    except SignInRefused as error:
        raise CredentialsRefused from error
    return _let_in(session)


def refresh(token: str | None) -> dict[str, Any]:
    """Give new tokens for a refresh token.

    :param token: None for that of the cookie.
    :raises RefreshRefused: there is none, or it is not good any more.
    :raises ForeignOrigin: it came in the cookie, and no page of ours sent it.
    """
    token = token or cookies.refresh_token()
    if not token:
        raise RefreshRefused
    return _given(renewal.renew(token))


def update(
    caller: Caller, *, password: str | None = None, current_password: str | None = None, **others: Any
) -> dict[str, Any]:
    """Change one's names, one's picture, or with the current password the password, which ends the other sessions.

    :returns: the user.
    :raises InvalidInput: the current password is missing or wrong.
    :raises InvalidPicture: the picture is none, or damaged.
    :raises PictureTooLarge: it has too many bytes or pixels.
    """
    proof = None if password is None else _prove(caller.user_id, current_password)
    registration.change(caller, password=password, proof=proof, **others)
    return registration.profile(caller.user_id)


def _prove(user_id: ObjectId, password: str | None) -> str:
    if not password:
        raise InvalidInput(errors={"currentPassword": ["Needed to change the password."]})
    try:
        return prove(user_id, password=password, source=source())
    except SignInRefused as error:
        raise InvalidInput(errors={"currentPassword": ["Wrong password."]}) from error


def _let_in(session: dict[str, Any]) -> dict[str, Any]:
    return {"user": registration.profile(session["userId"]), **_given(renewal.pair(session))}


def _given(pair: Pair) -> dict[str, Any]:
    cookies.give(pair)
    return {"accessToken": pair.access, "refreshToken": pair.refresh}

"""Every setting: its name, cast and default. Nothing else reads the environment."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from environs import EnvError, FileAwareEnv, validate

from paytm import keys
from paytm.keys import Key
from paytm.money import to_paise

_DAY_SECONDS = 24 * 60 * 60
_ENVIRONMENT = validate.OneOf(["development", "production"])
_POSITIVE = validate.Range(min=1)
_HEADER_TEXT = validate.Regexp(r"[!-~]*\Z", error="Not a text that a header can hold.")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# OWASP's least parameters for argon2id; weaker ones are for tests only.
_ARGON2_MEMORY_KIB, _ARGON2_TIME_COST = 19456, 2


def load(*, dotenv: str | None = ".env") -> dict[str, Any]:
    """Read all settings from the environment and, beneath it, from a ``.env`` file.

    Any of them may be in a file of its own, as secrets of containers are: ``JWT_SECRET_FILE`` says where.

    :param dotenv: the file, or None to read the environment alone.
    :returns: a mapping for ``app.config``; amounts in paise, times in seconds.
    :raises environs.EnvError: names every missing or malformed variable at once.
    :raises ValueError: the file of one cannot be read.
    """
    env = FileAwareEnv(eager=False, strip_whitespace=True)
    if dotenv:
        env.read_env(dotenv, recurse=False)
    env.add_parser("paise", _paise)
    env.add_parser("smtp_url", _smtp_url)
    env.add_parser("api_url", _api_url)
    env.add_parser("cloudinary_url", _cloudinary_url)
    env.add_parser("encryption_keys", _encryption_keys)
    production = env.str("PAYTM_ENV", "development", validate=_ENVIRONMENT) == "production"
    # A text that is set but empty, as a compose file passes on what nobody set, is as good as missing.
    required: dict[str, Any] = {"validate": validate.Length(min=1)} if production else {"default": ""}
    secret: dict[str, Any] = {"validate": validate.Length(min=32)} if production else {"default": ""}
    hash_floor = (_ARGON2_MEMORY_KIB, _ARGON2_TIME_COST) if production else (8, 1)
    config = {
        "PRODUCTION": production,
        "HOST": env.str("HOST", "") or ("0.0.0.0" if production else "localhost"),  # noqa: S104
        "PORT": env.int("PORT", 3000),
        "WEB_CONCURRENCY": env.int("WEB_CONCURRENCY", min(os.cpu_count() or 1, 4), validate=_POSITIVE),
        "MONGODB_URI": env.str("MONGODB_URI", **required),
        "DATABASE_TIMEOUT": env.float("DATABASE_TIMEOUT", 5.0, validate=validate.Range(min=0.1)),
        "DATA_DIR": Path(env.str("DATA_DIR", "") or ".data"),
        "WEB_DIR": Path(env.str("WEB_DIR", "") or "frontend/dist"),
        "JWT_SECRET": env.str("JWT_SECRET", **secret),
        "ENCRYPTION_KEYS": env.encryption_keys("ENCRYPTION_KEYS", ""),
        "TOKEN_LIFETIME": env.int("TOKEN_LIFETIME", 7 * _DAY_SECONDS, validate=_POSITIVE),
        "ACCESS_TOKEN_LIFETIME": env.int("ACCESS_TOKEN_LIFETIME", 15 * 60, validate=_POSITIVE),
        "REFRESH_TOKEN_LIFETIME": env.int("REFRESH_TOKEN_LIFETIME", 30 * _DAY_SECONDS, validate=_POSITIVE),
        "REFRESH_TOKEN_GRACE": env.int("REFRESH_TOKEN_GRACE", 10, validate=validate.Range(min=0)),
        "CORS_ORIGINS": env.list("CORS_ORIGINS", [], subcast=str.strip),
        "FRONTEND_URL": env.str("FRONTEND_URL", ""),
        "TRUSTED_PROXIES": env.int("TRUSTED_PROXIES", 0, validate=validate.Range(min=0)),
        "OPENING_BALANCE_MIN": env.paise("OPENING_BALANCE_MIN", "1"),
        "OPENING_BALANCE_MAX": env.paise("OPENING_BALANCE_MAX", "10000"),
        "TRANSFER_MAX": env.paise("TRANSFER_MAX", "1000000"),
        "LIMIT_DAY_AMOUNT": env.paise("LIMIT_DAY_AMOUNT", "100000"),
        "LIMIT_DAY_COUNT": env.int("LIMIT_DAY_COUNT", 5000, validate=_POSITIVE),
        "LIMIT_MONTH_AMOUNT": env.paise("LIMIT_MONTH_AMOUNT", "1000000"),
        "LIMIT_MONTH_COUNT": env.int("LIMIT_MONTH_COUNT", 50000, validate=_POSITIVE),
        "ORDER_LIFETIME": env.int("ORDER_LIFETIME", 30 * 60, validate=_POSITIVE),
        "HOLD_LIFETIME": env.int("HOLD_LIFETIME", 7 * _DAY_SECONDS, validate=_POSITIVE),
        "CASHBOOK_UNDO": env.int("CASHBOOK_UNDO", 60 * 60, validate=validate.Range(min=0)),
        "ACCOUNTS_MAX": env.int("ACCOUNTS_MAX", 10, validate=_POSITIVE),
        "BULK_REQUIRES_TOKEN": env.bool("BULK_REQUIRES_TOKEN", False),
        "RATELIMIT_ENABLED": env.bool("RATELIMIT_ENABLED", True),
        "REDIS_URL": env.str("REDIS_URL", ""),
        "RATELIMIT_READ": env.str("RATELIMIT_READ", "1200 per minute"),
        "RATELIMIT_TRANSFER": env.str("RATELIMIT_TRANSFER", "1200 per minute"),
        "RATELIMIT_STATEMENT": env.str("RATELIMIT_STATEMENT", "60 per minute"),
        "RATELIMIT_MESSAGE": env.str("RATELIMIT_MESSAGE", "120 per minute"),
        "RATELIMIT_ANALYTICS": env.str("RATELIMIT_ANALYTICS", "120 per minute"),
        "RATELIMIT_CASHBOOK": env.str("RATELIMIT_CASHBOOK", "300 per minute"),
        "RATELIMIT_IMPORT": env.str("RATELIMIT_IMPORT", "60 per minute"),
        "RATELIMIT_PICTURE": env.str("RATELIMIT_PICTURE", "60 per minute"),
        "RATELIMIT_SIGN_UP": env.str("RATELIMIT_SIGN_UP", "300 per minute"),
        "SIGN_IN_ATTEMPTS_PER_ACCOUNT": env.int("SIGN_IN_ATTEMPTS_PER_ACCOUNT", 10),
        "SIGN_IN_ATTEMPTS_PER_SOURCE": env.int("SIGN_IN_ATTEMPTS_PER_SOURCE", 50),
        "SIGN_IN_ATTEMPTS_WINDOW": env.int("SIGN_IN_ATTEMPTS_WINDOW", 15 * 60),
        "ARGON2_MEMORY_KIB": env.int(
            "ARGON2_MEMORY_KIB", _ARGON2_MEMORY_KIB, validate=validate.Range(min=hash_floor[0])
        ),
        "ARGON2_TIME_COST": env.int("ARGON2_TIME_COST", _ARGON2_TIME_COST, validate=validate.Range(min=hash_floor[1])),
        "HASH_CONCURRENCY": env.int("HASH_CONCURRENCY", 1, validate=_POSITIVE),
        "SMTP_URL": env.smtp_url("SMTP_URL", ""),
        "MAIL_FROM": env.str("MAIL_FROM", "") or "Paytm wallet <wallet@localhost>",
        "DELIVERIES_PER_SECOND": env.float("DELIVERIES_PER_SECOND", 5.0, validate=validate.Range(min=0.1)),
        "WEBHOOK_ALLOW_PRIVATE": env.bool("WEBHOOK_ALLOW_PRIVATE", False),
        "STRIPE_SECRET_KEY": env.str("STRIPE_SECRET_KEY", "", validate=_HEADER_TEXT),
        "STRIPE_WEBHOOK_SECRET": env.str("STRIPE_WEBHOOK_SECRET", ""),
        "STRIPE_API_URL": env.api_url("STRIPE_API_URL", ""),
        "STRIPE_TIMEOUT": env.float("STRIPE_TIMEOUT", 10.0, validate=validate.Range(min=0.1, max=60)),
        "CLOUDINARY_URL": env.cloudinary_url("CLOUDINARY_URL", ""),
        "SOCKETS_PER_USER": env.int("SOCKETS_PER_USER", 5, validate=_POSITIVE),
        "PRESENCE_OPEN": env.bool("PRESENCE_OPEN", False),
        "METRICS_TOKEN": env.str("METRICS_TOKEN", "", validate=_HEADER_TEXT),
        "OTEL_EXPORTER_OTLP_ENDPOINT": env.str("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
        "MAX_CONTENT_LENGTH": env.int("MAX_CONTENT_LENGTH", 64 * 1024),
        "LOG_LEVEL": env.str("LOG_LEVEL", "info", validate=validate.OneOf(["debug", "info", "warning", "error"])),
    }
    env.seal()
    if config["OPENING_BALANCE_MIN"] > config["OPENING_BALANCE_MAX"]:
        raise EnvError("OPENING_BALANCE_MIN is above OPENING_BALANCE_MAX")
    if production and not _is_confidential(config["STRIPE_API_URL"]):
        raise EnvError("STRIPE_API_URL has to be https in production, or on loopback")
    if production and not _is_confidential(_upload_prefix(config["CLOUDINARY_URL"])):
        raise EnvError("CLOUDINARY_URL has to lead to https in production, or to loopback")
    if not production:
        config["MONGODB_URI"] = config["MONGODB_URI"] or _embedded_uri(config["DATA_DIR"])
    if not config["JWT_SECRET"]:
        config["JWT_SECRET"] = _development_secret(config["DATA_DIR"] / "jwt_secret", secrets.token_hex(32))
    if not (config["ENCRYPTION_KEYS"] or production):
        made = _development_secret(config["DATA_DIR"] / "encryption_key", keys.generate())
        config["ENCRYPTION_KEYS"] = keys.read(f"development:{made}")
    return config


def _paise(rupees: str, **_: Any) -> int:
    try:
        return to_paise(rupees)
    except ValueError as error:
        raise EnvError("Not an amount in rupees.") from error


def _smtp_url(url: str, **_: Any) -> str:
    try:
        parts = urlsplit(url)
        sound = not url or (parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0)
    except ValueError:
        sound = False
    if not sound:
        # Without the text, which may hold a password.
        raise EnvError("Not of the form smtp://user:password@host:587 or smtps://user:password@host:465.")
    return url


def _api_url(url: str, **_: Any) -> str:
    try:
        parts = urlsplit(url)
        sound = not url or (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0)
    except ValueError:
        sound = False
    if not sound:
        raise EnvError("Not of the form https://host or http://host:port.")
    return url.rstrip("/")


def _cloudinary_url(url: str, **_: Any) -> str:
    try:
        parts = urlsplit(url)
        sound = not url or (parts.scheme == "cloudinary" and parts.hostname and parts.username and parts.password)
    except ValueError:
        sound = False
    if not sound:
        # Without the text, which holds a secret.
        raise EnvError("Not of the form cloudinary://key:secret@cloud.")
    return url


def _upload_prefix(cloudinary_url: str) -> str:
    """Return where Cloudinary's API is; the empty URL is its own."""
    return parse_qs(urlsplit(cloudinary_url).query).get("upload_prefix", [""])[0]


def _is_confidential(url: str) -> bool:
    """Say whether nobody on the way reads what is sent there; the empty URL is the provider's own."""
    parts = urlsplit(url)
    return not url or parts.scheme == "https" or parts.hostname in _LOOPBACK


def _embedded_uri(data_dir: Path) -> str:
    """Return where the embedded MongoDB of a ``make run`` beside this process answers; empty without one."""
    from paytm.dev.mongod import running_uri

    return running_uri(data_dir) or ""


def _encryption_keys(text: str, **_: Any) -> tuple[Key, ...]:
    try:
        return keys.read(text)
    except ValueError as error:
        # Without the text, which is secret.
        raise EnvError(
            f"Not of the form id:base64,id:base64 with {keys.KEY_BYTES} bytes in each, all different."
        ) from error


def _development_secret(path: Path, proposed: str) -> str:
    """Return a secret that outlives a restart, so that a developer stays signed in and reads what was written.

    :param path: where it is kept.
    :param proposed: becomes the secret if there is none yet.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written aside and linked when it is whole: of several processes that start at once one wins, and none
    # reads half of it. The file is for its owner alone.
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
        file.write(proposed)
        file.flush()
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
    return path.read_text()

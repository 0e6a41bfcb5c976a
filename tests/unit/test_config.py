"""Settings, and what is refused at the start rather than found out later."""

import re
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from environs import EnvError

from paytm import config, keys

Load = Callable[..., dict[str, Any]]
NAMES = re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', Path(config.__file__).read_text())
PRODUCTION = {
    "PAYTM_ENV": "production",
    "JWT_SECRET": "s" * 32,
    "MONGODB_URI": "mongodb://db.example:27017/?replicaSet=rs0",
}


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Read the settings from the given variables alone."""
    for name in NAMES:
        # Set first, so that what a .env file adds is taken away at the end.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)

    def read(*, dotenv: str | None = None, **variables: str) -> dict[str, Any]:
        for name, value in {"DATA_DIR": str(tmp_path / "data"), **variables}.items():
            monkeypatch.setenv(name, value)
        return config.load(dotenv=dotenv)

    return read


def test_development_needs_no_settings(load: Load) -> None:
    settings = load()

    assert (settings["PRODUCTION"], settings["HOST"], settings["PORT"]) == (False, "localhost", 3000)
    assert settings["MONGODB_URI"] == ""
    assert settings["RATELIMIT_ENABLED"] is True


def test_money_settings_are_paise(load: Load) -> None:
    settings = load(OPENING_BALANCE_MIN="0.01", OPENING_BALANCE_MAX="33.33", TRANSFER_MAX="5")

    assert [settings[name] for name in ("OPENING_BALANCE_MIN", "OPENING_BALANCE_MAX", "TRANSFER_MAX")] == [1, 3333, 500]


def test_a_new_user_gets_one_to_ten_thousand_rupees_by_default(load: Load) -> None:
    settings = load()

    assert (settings["OPENING_BALANCE_MIN"], settings["OPENING_BALANCE_MAX"]) == (100, 1_000_000)


def test_production_starts_with_a_secret_and_a_database(load: Load) -> None:
    settings = load(**PRODUCTION)

    assert (settings["PRODUCTION"], settings["HOST"]) == (True, "0.0.0.0")  # noqa: S104
    assert settings["MONGODB_URI"] == PRODUCTION["MONGODB_URI"]


def test_production_names_everything_that_is_missing_at_once(load: Load) -> None:
    with pytest.raises(EnvError) as refused:
        load(PAYTM_ENV="production")

    assert "JWT_SECRET" in str(refused.value)
    assert "MONGODB_URI" in str(refused.value)


def test_a_secret_may_be_in_a_file_of_its_own(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("f" * 32 + "\n")

    settings = load(**PRODUCTION | {"JWT_SECRET": ""}, JWT_SECRET_FILE=str(tmp_path / "secret"))

    assert settings["JWT_SECRET"] == "f" * 32


def test_a_secret_whose_file_is_missing_is_named(load: Load, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JWT_SECRET_FILE"):
        load(**PRODUCTION, JWT_SECRET_FILE=str(tmp_path / "nothing"))


@pytest.mark.parametrize("name", ["JWT_SECRET", "MONGODB_URI"])
@pytest.mark.parametrize("value", [None, ""])
def test_production_refuses_to_start_without(load: Load, name: str, value: str | None) -> None:
    variables = {key: text for key, text in (PRODUCTION | {name: value}).items() if text is not None}

    with pytest.raises(EnvError, match=name):
        load(**variables)


@pytest.mark.parametrize("secret", ["short", "s" * 31, "secret"])
def test_production_refuses_a_short_secret(load: Load, secret: str) -> None:
    with pytest.raises(EnvError, match="JWT_SECRET"):
        load(**{**PRODUCTION, "JWT_SECRET": secret})


def test_a_refused_secret_is_not_shown(load: Load) -> None:
    with pytest.raises(EnvError) as refused:
        load(**{**PRODUCTION, "JWT_SECRET": "hunter2"})

    assert "hunter2" not in str(refused.value)


def test_a_refused_mail_server_does_not_show_its_password(load: Load) -> None:
    with pytest.raises(EnvError) as refused:
        load(SMTP_URL="http://wallet:hunter2@mail.example")

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(("name", "value"), [("ARGON2_MEMORY_KIB", "19455"), ("ARGON2_TIME_COST", "1")])
def test_production_refuses_weak_hashes(load: Load, name: str, value: str) -> None:
    with pytest.raises(EnvError, match=name):
        load(**PRODUCTION, **{name: value})

    assert load(PAYTM_ENV="development", **{name: value})[name] == int(value)


@pytest.mark.parametrize("value", ["prod", "Production", "PRODUCTION", "producton", "live"])
def test_a_misspelt_environment_does_not_pass_for_development(load: Load, value: str) -> None:
    try:
        settings = load(PAYTM_ENV=value)
    except EnvError:
        return
    assert settings["PRODUCTION"]


BAD = [
    ("PORT", "http"),
    ("PORT", "3000.5"),
    ("WEB_CONCURRENCY", "0"),
    ("WEB_CONCURRENCY", "-1"),
    ("TOKEN_LIFETIME", "0"),
    ("TRUSTED_PROXIES", "-1"),
    ("TRUSTED_PROXIES", "yes"),
    ("OPENING_BALANCE_MIN", "-1"),
    ("OPENING_BALANCE_MAX", "1.001"),
    ("OPENING_BALANCE_MAX", "NaN"),
    ("OPENING_BALANCE_MAX", "lots"),
    ("TRANSFER_MAX", "1e5"),
    ("RATELIMIT_ENABLED", "perhaps"),
    ("HASH_CONCURRENCY", "0"),
    ("ARGON2_MEMORY_KIB", "7"),
    ("ARGON2_TIME_COST", "0"),
    ("LOG_LEVEL", "loud"),
    ("MAX_CONTENT_LENGTH", "64k"),
    ("SMTP_URL", "smtp.gmail.com"),
    ("SMTP_URL", "http://smtp.gmail.com"),
    ("SMTP_URL", "smtp://user:password@"),
    ("SMTP_URL", "smtps://host:port"),
    ("DELIVERIES_PER_SECOND", "0"),
    ("WEBHOOK_ALLOW_PRIVATE", "perhaps"),
    ("STRIPE_SECRET_KEY", "sk_test_1 "),
    ("STRIPE_SECRET_KEY", "sk_test_1\n"),
    ("STRIPE_SECRET_KEY", "sk_tést"),
    ("STRIPE_API_URL", "localhost:12111"),
    ("STRIPE_API_URL", "https://"),
    ("STRIPE_API_URL", "http://localhost:port"),
    ("CLOUDINARY_URL", "https://key:secret@cloud"),
    ("CLOUDINARY_URL", "cloudinary://key@cloud"),
    ("CLOUDINARY_URL", "cloudinary://key:secret@"),
    ("CLOUDINARY_URL", "cloudinary://[key:secret@cloud"),
    ("STRIPE_TIMEOUT", "0"),
    ("STRIPE_TIMEOUT", "61"),
    ("DATABASE_TIMEOUT", "soon"),
    ("DATABASE_TIMEOUT", "0"),
    ("DATABASE_TIMEOUT", "-1"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_malformed_setting_is_named(load: Load, name: str, value: str) -> None:
    with pytest.raises(EnvError, match=name):
        load(**{name: value})


def test_every_malformed_setting_is_named_at_once(load: Load) -> None:
    with pytest.raises(EnvError) as refused:
        load(PORT="x", WEB_CONCURRENCY="x", LOG_LEVEL="x")

    assert all(name in str(refused.value) for name in ("PORT", "WEB_CONCURRENCY", "LOG_LEVEL"))


def test_an_opening_balance_from_more_to_less_is_refused(load: Load) -> None:
    with pytest.raises(EnvError, match="OPENING_BALANCE"):
        load(OPENING_BALANCE_MIN="2", OPENING_BALANCE_MAX="1")


def test_a_refused_key_of_stripes_is_not_shown(load: Load) -> None:
    with pytest.raises(EnvError) as refused:
        load(STRIPE_SECRET_KEY="sk_live_ hunter2")

    assert "hunter2" not in str(refused.value)


def test_production_speaks_to_stripe_in_confidence(load: Load) -> None:
    for url in ("", "https://api.stripe.com", "http://localhost:12111/", "http://[::1]:12111"):
        assert load(**PRODUCTION, STRIPE_API_URL=url)["STRIPE_API_URL"] == url.rstrip("/")

    for url in ("http://api.stripe.com", "http://localhost.example"):
        with pytest.raises(EnvError, match="STRIPE_API_URL"):
            load(**PRODUCTION, STRIPE_API_URL=url)
        assert load(PAYTM_ENV="development", STRIPE_API_URL=url)["STRIPE_API_URL"] == url


def test_production_speaks_to_cloudinary_in_confidence(load: Load) -> None:
    account = "cloudinary://key:secret@cloud"
    for url in (
        "",
        account,
        f"{account}?upload_prefix=https://eu.example",
        f"{account}?upload_prefix=http://localhost:1",
    ):
        assert load(**PRODUCTION, CLOUDINARY_URL=url)["CLOUDINARY_URL"] == url

    with pytest.raises(EnvError, match="CLOUDINARY_URL"):
        load(**PRODUCTION, CLOUDINARY_URL=f"{account}?upload_prefix=http://eu.example")


@pytest.mark.parametrize(
    ("value", "origins"),
    [("", []), ("https://a.example", ["https://a.example"]), ("https://a.example, http://b.example", 2)],
)
def test_origins_are_a_list(load: Load, value: str, origins: Any) -> None:
    found = load(CORS_ORIGINS=value)["CORS_ORIGINS"]

    assert found == origins or len(found) == origins
    assert all(origin == origin.strip() for origin in found)


@pytest.mark.parametrize("name", ["HOST", "DATA_DIR", "MONGODB_URI", "JWT_SECRET", "CORS_ORIGINS", "REDIS_URL"])
def test_an_empty_text_is_as_good_as_none(
    load: Load, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    absent = load()[name]
    monkeypatch.delenv("DATA_DIR")

    given = load(**{"DATA_DIR": str(tmp_path / "data"), name: ""})[name]

    assert given == (Path(".data") if name == "DATA_DIR" else absent)


def test_the_development_secret_outlives_a_restart(load: Load, tmp_path: Path) -> None:
    first, second = load(), load()

    assert len(first["JWT_SECRET"]) >= 32
    assert first["JWT_SECRET"] == second["JWT_SECRET"] == (tmp_path / "data" / "jwt_secret").read_text()


def test_the_development_secret_is_for_its_owner_alone(load: Load, tmp_path: Path) -> None:
    load()

    assert stat.S_IMODE((tmp_path / "data" / "jwt_secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "encryption_key").stat().st_mode) == 0o600
    assert {path.name for path in (tmp_path / "data").iterdir()} == {"jwt_secret", "encryption_key"}


def test_each_data_folder_has_a_secret_of_its_own(load: Load, tmp_path: Path) -> None:
    secrets = {load(DATA_DIR=str(tmp_path / name))["JWT_SECRET"] for name in ("a", "b")}

    assert len(secrets) == 2


def test_many_that_start_at_once_agree_on_the_secret(load: Load, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda n: config._development_secret(tmp_path / "new" / "secret", str(n)), range(8)))

    assert len(secrets) == 1


def test_a_given_secret_writes_no_file(load: Load, tmp_path: Path) -> None:
    load(JWT_SECRET="given", ENCRYPTION_KEYS=f"given:{keys.generate()}")

    assert not (tmp_path / "data").exists()


def test_the_development_encryption_key_outlives_a_restart(load: Load) -> None:
    first, second = load(), load()

    assert [key.id for key in first["ENCRYPTION_KEYS"]] == ["development"]
    assert first["ENCRYPTION_KEYS"] == second["ENCRYPTION_KEYS"]


def test_production_makes_no_encryption_key_up(load: Load) -> None:
    assert load(**PRODUCTION)["ENCRYPTION_KEYS"] == ()


KEY, OTHER = "vH1sQ0n0ZkY2cVq3xJtK5o8yBfTgRwLdEaMiNhUpXzA=", "Zm9ydHktdHdvIGlzIHRoZSBhbnN3ZXIsIHRoZXkgc2E="


@pytest.mark.parametrize(
    "setting",
    [
        KEY,
        f"k:{KEY[:-4]}",
        f"k:{KEY[1:]}",
        f"k:{KEY},",
        f"k:{KEY},k:{OTHER}",
        f"a:{KEY},b:{KEY}",
        f"ké:{KEY}",
    ],
)
def test_bad_encryption_keys_are_named_and_not_shown(load: Load, setting: str) -> None:
    with pytest.raises(EnvError, match="ENCRYPTION_KEYS") as refused:
        load(ENCRYPTION_KEYS=setting)

    assert KEY[1:10] not in str(refused.value)


def test_a_dotenv_file_stands_beneath_the_environment(load: Load, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nLOG_LEVEL=debug\n")

    settings = load(dotenv=str(tmp_path / ".env"), LOG_LEVEL="error")

    assert (settings["PORT"], settings["LOG_LEVEL"]) == (4000, "error")

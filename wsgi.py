"""What gunicorn and flask load."""

from environs import EnvError

from paytm.app import create_app

try:
    app = create_app()
except EnvError as error:
    raise SystemExit(f"Wrong settings: {error}") from None

"""What gunicorn and flask load."""

from paytm.app import create_app

try:
    app = create_app()
except ValueError as error:
    raise SystemExit(f"Wrong settings: {error}") from None

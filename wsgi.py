"""What gunicorn and flask load."""

from paytm.app import create_app

app = create_app()

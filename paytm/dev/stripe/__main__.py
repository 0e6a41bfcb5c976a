"""``python -m paytm.dev.stripe``: the stand-in as a process of its own."""

import argparse
from pathlib import Path

from paytm.dev.stripe.controls import Settings
from paytm.dev.stripe.server import Server
from paytm.dev.stripe.wiring import Parts


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m paytm.dev.stripe", description="A stand-in for Stripe.")
    parser.add_argument("--port", type=int, required=True, help="where it listens, on loopback")
    parser.add_argument("--fd", type=int, help="an inherited socket that listens there already")
    parser.add_argument("--webhook-url", default="", help="where its webhooks go")
    parser.add_argument("--webhook-secret", default="whsec_stand_in", help="what it signs them with")
    parser.add_argument("--file", type=Path, help="where it keeps what it knows from run to run")
    given = parser.parse_args()
    settings = Settings(webhook_url=given.webhook_url)
    parts = Parts(settings, webhook_secret=given.webhook_secret, file=given.file)
    Server(parts, port=given.port, fd=given.fd).serve()


if __name__ == "__main__":
    main()

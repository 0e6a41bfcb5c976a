"""Commands: ``flask --app wsgi COMMAND``."""

import json
import sys
from datetime import timedelta
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from pymongo.errors import PyMongoError

from paytm import clock, db, encryption
from paytm.account.models import COLLECTIONS as ACCOUNT_COLLECTIONS
from paytm.analytics import audit as analytics_audit
from paytm.analytics.models import COLLECTIONS as ANALYTICS_COLLECTIONS
from paytm.cashbook import audit as cashbook_audit
from paytm.cashbook import rotation
from paytm.cashbook.models import COLLECTIONS as CASHBOOK_COLLECTIONS
from paytm.chat import audit as chat_audit
from paytm.chat.models import COLLECTIONS as CHAT_COLLECTIONS
from paytm.errors import ApiError
from paytm.ledger import audit, holds
from paytm.ledger.store import COLLECTIONS as LEDGER_COLLECTIONS
from paytm.media.models import COLLECTIONS as MEDIA_COLLECTIONS
from paytm.migrations.upgrade import DatabaseIsNewer, Upgrade
from paytm.notify import operating
from paytm.notify.models import CARD, STATES
from paytm.notify.models import COLLECTIONS as NOTIFY_COLLECTIONS
from paytm.ops import trail, workers
from paytm.order import audit as order_audit
from paytm.order.models import COLLECTIONS as ORDER_COLLECTIONS
from paytm.payment import gateway, inbox, proof, reconciliation
from paytm.payment import operating as card_operating
from paytm.payment.models import COLLECTIONS as PAYMENT_COLLECTIONS
from paytm.product import stock
from paytm.product.models import COLLECTIONS as PRODUCT_COLLECTIONS
from paytm.realtime.models import COLLECTIONS as REALTIME_COLLECTIONS
from paytm.transaction.models import COLLECTIONS as TRANSACTION_COLLECTIONS
from paytm.user import disabling, roles
from paytm.user.models import ACTIVE, DISABLED
from paytm.user.models import COLLECTIONS as USER_COLLECTIONS

COLLECTIONS = (
    *USER_COLLECTIONS,
    *ACCOUNT_COLLECTIONS,
    *LEDGER_COLLECTIONS,
    *holds.COLLECTIONS,
    *TRANSACTION_COLLECTIONS,
    *PRODUCT_COLLECTIONS,
    *ORDER_COLLECTIONS,
    *PAYMENT_COLLECTIONS,
    *CHAT_COLLECTIONS,
    *CASHBOOK_COLLECTIONS,
    *ANALYTICS_COLLECTIONS,
    *NOTIFY_COLLECTIONS,
    *MEDIA_COLLECTIONS,
    *REALTIME_COLLECTIONS,
    *trail.COLLECTIONS,
    *workers.COLLECTIONS,
)

# Above it, a transaction that nobody ends any more holds others up for longer than clients wait.
_LONGEST_TRANSACTION_SECONDS = 10


class _Command(click.Command):
    """A command that says in one line when there is no database."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PyMongoError as error:
            if not db.is_outage(error):
                raise
            raise click.ClickException("MongoDB does not answer at MONGODB_URI; make run starts one.") from error


@click.command("init-db", cls=_Command)
@with_appcontext
def init_db() -> None:
    """Bring the database up to date: collections, indexes, migrations; safe to repeat, and beside whatever runs."""
    upgrade: Upgrade = current_app.extensions["upgrade"]
    try:
        for migration in upgrade.run():
            click.echo(f"Migrated: {migration}.")
    except DatabaseIsNewer:
        click.echo("A newer version has migrated this database; nothing was changed.")
    lifetime = db.transaction_lifetime()
    if lifetime is not None and lifetime > _LONGEST_TRANSACTION_SECONDS:
        click.echo(
            f"transactionLifetimeLimitSeconds is {lifetime}: accounts that a killed process was writing to stay locked"
            " for so long. Start mongod with --setParameter transactionLifetimeLimitSeconds=8.",
            err=True,
        )


# What is proved beside the ledger: how, and what that says of how many.
_PROOFS = (
    (stock.check, "products: what is left and what was sold is what was bought in."),
    (order_audit.check, "orders: stock, payments and the ledger agree with them."),
    (proof.check, "receipts of money by card: each paid one payment once, or goes back."),
    (analytics_audit.check, "summaries of entries: what the entries add up to."),
    (cashbook_audit.check, "records of cash books: counted by their books, and settled once, as they say."),
    (chat_audit.check, "messages: both people's conversations end with the last, and count what is unread."),
)


@click.command("audit", cls=_Command)
def audit_() -> None:
    """Prove that everything adds up, from its records alone; exits with 1 at the first that does not."""
    try:
        report = audit.check()
        proved = [f"{check()} {what}" for check, what in _PROOFS]
    except audit.Unbalanced as problem:
        click.echo(f"WRONG: {problem}", err=True)
        sys.exit(1)
    click.echo(
        f"{report.accounts} accounts, {report.transactions} transactions and {report.entries} entries add up:"
        f" {report.circulating} paise circulate, {report.by_card} of them paid in by card and the rest issued;"
        f" {report.holds} holds have {report.held} of them set aside; every balance is the fold of its entries and none"
        " is negative, every transaction sums to 0, every idempotency key stands for one."
    )
    for line in proved:
        click.echo(line)


@click.command("disable-user", cls=_Command)
@click.argument("email")
def disable_user(email: str) -> None:
    """Disable a user, and sign that user out everywhere."""
    _set_status(email, DISABLED)


@click.command("enable-user", cls=_Command)
@click.argument("email")
def enable_user(email: str) -> None:
    """Enable a disabled user again."""
    _set_status(email, ACTIVE)


def _set_status(email: str, status: str) -> None:
    if not disabling.set_status(email.strip().lower(), status):
        raise click.ClickException("There is no such user.")
    click.echo(f"The user is {status}.")


@click.command("grant", cls=_Command)
@click.argument("role", type=click.Choice(roles.ROLES))
@click.argument("email")
def grant(role: str, email: str) -> None:
    """Give a user a role."""
    if not roles.grant(email.strip().lower(), role):
        raise click.ClickException("There is no such user.")
    click.echo(f"The user has the role {role}.")


@click.command("trail", cls=_Command)
@click.option("--limit", default=20, type=click.IntRange(min=1), help="How many events to show.")
def trail_(limit: int) -> None:
    """Show the newest events of the audit trail, one JSON line for each."""
    for event in trail.newest(limit):
        click.echo(json.dumps(event, default=str))


@click.command("rotate-keys", cls=_Command)
def rotate_keys() -> None:
    """Encrypt cash books anew under the newest of ENCRYPTION_KEYS, beside the API; exits with 1 if any cannot be."""
    try:
        keyring = encryption.keyring()
    except ApiError as error:
        raise click.ClickException("ENCRYPTION_KEYS has no key.") from error
    done = {}
    for progress in rotation.rotate(keyring):
        done[progress.collection] = progress.unreadable
        click.echo(
            f"{progress.collection}: {progress.seen} of {progress.total} seen, {progress.renewed} encrypted anew"
        )
    if any(done.values()):
        raise click.ClickException(f"{sum(done.values())} cannot be read, and stay as they are; the log names them.")
    click.echo(f"Everything is under the key {keyring.newest}.")


@click.command("worker", cls=_Command)
def worker() -> None:
    """Send what must be told, and finish what others have begun, until SIGTERM or Ctrl-C; any number may run."""
    from paytm.analytics import summaries
    from paytm.cashbook import writing as cashbook
    from paytm.media import orphans, store
    from paytm.notify import relay
    from paytm.order import closing
    from paytm.payment import card_refunds, repair

    config = current_app.config
    sweeps = [*repair.sweeps(config), closing.sweep, orphans.sweep(store.stores(config)), cashbook.sweep(config)]
    sweeps += [summaries.sweep, workers.sweep()]
    relay.work(config, channels={CARD: card_refunds.channel(config)}, sweeps=sweeps)


@click.group("outbox")
def outbox() -> None:
    """Look at what has to be told, and tell it again."""


@outbox.command("list", cls=_Command)
@click.option("--state", type=click.Choice(STATES), help="Only these; by default what is due and what is dead.")
@click.option("--limit", default=50, type=click.IntRange(min=1, max=1000), show_default=True)
def list_outbox(state: str | None, limit: int) -> None:
    """Show deliveries, and events that nobody could make a message from."""
    for line in operating.lines(state, limit=limit):
        click.echo(line)


@outbox.command("retry", cls=_Command)
@click.argument("id_", metavar="ID", required=False)
@click.option("--all-dead", is_flag=True, help="Everything that is dead.")
def retry(id_: str | None, all_dead: bool) -> None:
    """Try a delivery or an event anew, by its ID as the list shows it."""
    if (id_ is None) is not all_dead:
        raise click.UsageError("Give an ID, or --all-dead.")
    count = operating.retry(id_)
    if id_ is not None and count == 0:
        raise click.ClickException("There is nothing settled with this ID.")
    click.echo(f"{count} will be tried again.")


@click.group("card")
def card() -> None:
    """Look at payments by card that did not go as they should."""


@card.command("list", cls=_Command)
@click.option("--limit", default=50, type=click.IntRange(min=1, max=1000), show_default=True)
def list_card(limit: int) -> None:
    """Show events of Stripe's without their effect, money that was returned, and refunds that are not made yet."""
    for line in card_operating.lines(limit):
        click.echo(line)


@card.command("retry", cls=_Command)
@click.argument("event_id", metavar="ID")
def retry_card(event_id: str) -> None:
    """Let an event of Stripe's have its effect, by its ID as the list shows it."""
    if not inbox.renew(event_id):
        raise click.ClickException("There is no event with this ID that waits.")
    click.echo("It will be tried again.")


@card.command("dismiss", cls=_Command)
@click.argument("event_id", metavar="ID")
def dismiss_card(event_id: str) -> None:
    """Take an event of Stripe's from the list, because somebody has dealt with it."""
    if not inbox.dismiss(event_id):
        raise click.ClickException("There is no event with this ID that waits.")
    click.echo("It is not listed any more.")


@click.command("reconcile", cls=_Command)
@click.option(
    "--since", default=7, type=click.IntRange(1, 366), show_default=True, metavar="DAYS", help="How far back."
)
def reconcile(since: int) -> None:
    """Compare Stripe's records of payments and refunds with ours; exits with 1 if they differ."""
    api, begin = gateway.of(current_app.config), clock.now() - timedelta(days=since)
    try:
        compared = {
            "payments": reconciliation.payments(api, begin),
            "refunds": reconciliation.refunds(api, begin),
        }
    except ApiError as error:
        raise click.ClickException(error.message) from error
    for what, comparison in compared.items():
        for line in comparison.lines(what):
            click.echo(line)
    if not all(comparison.agrees for comparison in compared.values()):
        sys.exit(1)


@click.command("seed", cls=_Command)
@click.option("--people", default=20, type=click.IntRange(min=2), help="How many to sign up.")
@click.option("--transfers", default=100, type=click.IntRange(min=0), help="How many transfers they make.")
def seed(people: int, transfers: int) -> None:
    """Sign people up and let them send money, write, sell, buy and keep books, to have something to look at."""
    from paytm.dev import seed as demo

    for line in demo.run(people=people, transfers=transfers):
        click.echo(line)


@click.command("dev", cls=_Command)
def dev() -> None:
    """Serve everything on this machine, with an embedded MongoDB unless MONGODB_URI is set."""
    from paytm.dev import runner

    sys.exit(runner.run(current_app.config))


def init_app(app: Flask) -> None:
    """Add the commands to ``flask``."""
    for command in (
        init_db,
        audit_,
        disable_user,
        enable_user,
        grant,
        trail_,
        rotate_keys,
        worker,
        outbox,
        card,
        reconcile,
        seed,
        dev,
    ):
        app.cli.add_command(command)

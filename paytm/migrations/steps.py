"""Every migration there ever was, in order. See docs/patterns.md, "A migration"."""

from paytm.migrations.upgrade import Migration


def _widened() -> None:
    """Change no document: the validators take all that they took before."""


MIGRATIONS = (
    Migration("0001_holds_cards_and_pictures", _widened),
    Migration("0002_products_without_pictures", _widened),
)

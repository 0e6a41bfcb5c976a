"""A stand-in for Stripe: its API, its Checkout page and its webhooks, as far as the wallet uses them."""

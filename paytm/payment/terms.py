"""The words of payments: what they are for, how they are made, and what becomes of them."""

ORDER, TOPUP = KINDS = ("order", "topup")
WALLET, CARD, HOLD = METHODS = ("wallet", "card", "hold")
PENDING, SUCCEEDED, CANCELLED, EXPIRED = STATUSES = ("pending", "succeeded", "cancelled", "expired")

"""A wallet backend on one double-entry ledger."""

"""Responsibility letters: yearly targets that are signed for, counted from the ledger, assessed."""

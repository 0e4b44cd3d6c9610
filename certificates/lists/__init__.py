"""The lists of proof at the desk, declared."""

"""The lists of the field log at the desk, declared."""

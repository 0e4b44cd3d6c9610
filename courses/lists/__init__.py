"""The lists of courses at the desk, declared."""

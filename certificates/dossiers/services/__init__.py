"""Verbs of the dossier: gather what it says, make it once, and check a file that somebody hands in."""

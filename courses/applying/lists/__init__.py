"""The lists of applications and proposals, declared."""

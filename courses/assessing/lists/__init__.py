"""The lists of assessment, declared."""

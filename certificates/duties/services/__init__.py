"""The only writers of calls, sample checks and exceptions."""

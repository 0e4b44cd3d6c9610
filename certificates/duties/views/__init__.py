"""Pages of calls at the base, of samples and exceptions at the centre."""

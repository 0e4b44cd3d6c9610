"""Pages for issuing, checking and following up certificates."""

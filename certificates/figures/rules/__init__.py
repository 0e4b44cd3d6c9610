"""How figures are counted, and what of them is shown to whom. Pure."""

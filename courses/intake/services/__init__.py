"""Who joins a class, waits for it, leaves it: the only writers of that."""

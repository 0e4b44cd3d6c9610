"""The lists of requests, declared: a base's own, and the centre's of all bases in sight."""

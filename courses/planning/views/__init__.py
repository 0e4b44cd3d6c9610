"""Pages of requests and of the calendar, at a base and at the centre."""

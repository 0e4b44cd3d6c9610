"""Pure rules of requests and of planning. No ORM, no request."""

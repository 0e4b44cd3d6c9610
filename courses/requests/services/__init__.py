"""The only writers of requests, policies and shared plans."""

"""Who is called after a certificate, who is called again, and what a base owes before its next class."""

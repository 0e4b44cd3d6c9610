"""What a browser asks: `public` without an account, `desk` and `case` for handlers."""

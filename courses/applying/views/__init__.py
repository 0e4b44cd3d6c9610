"""What strangers and the desk ask of applications."""

"""维权热线: complaints with a receipt number, two stamps within 24 hours, and a history."""

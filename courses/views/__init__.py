"""Pages of the desk for classes, rosters, attendance and scores."""

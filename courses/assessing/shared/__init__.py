"""What the centre asks of assessments, beside the numbers of a rule set."""

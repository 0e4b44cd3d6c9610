"""What decides about the field log. Pure: texts and facts in, facts and findings out."""

"""How each language writes days: asked by `date:"DATE_FORMAT"` and its like."""

"""How fast the model is, beside twins and others, in ratios measured within one process."""

"""Figures. Nothing here is imported before something is drawn, because Matplotlib is slow to load."""

"""Template tags of the operator screens."""

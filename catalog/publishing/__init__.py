"""Publishing: where products are seen, what they lack for it, what happens when, and how it will look."""

"""What the readers of other systems' files have in common: measures, words, prices, and rows that belong together."""

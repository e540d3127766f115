"""The tables of “mall”, a Chinese shop system, as a ZIP of CSV files."""

"""The AdventureWorks sample database, as a ZIP of its tables."""

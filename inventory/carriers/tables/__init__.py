"""Carriers that charge by a sheet of zones and weights."""

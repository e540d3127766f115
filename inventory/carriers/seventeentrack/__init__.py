"""17TRACK, a tracker of many carriers."""

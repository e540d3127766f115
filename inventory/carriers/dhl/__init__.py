"""DHL's own tracking, for all its divisions."""

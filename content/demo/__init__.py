"""The demo shop Meridian: its words, pictures and figures, and how they become rows."""

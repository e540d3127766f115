"""EasyPost, as a tracker of many carriers."""

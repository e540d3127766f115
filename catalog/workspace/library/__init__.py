"""The media library: every picture and film of the shop, wherever it is shown."""

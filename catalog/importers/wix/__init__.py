"""Product tables of Wix Stores: the present export, and the one before it."""

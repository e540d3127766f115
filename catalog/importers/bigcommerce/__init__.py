"""Product tables of BigCommerce: the present export, and the one before it."""

"""Product tables of WooCommerce, as its own export writes them."""

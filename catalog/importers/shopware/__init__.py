"""Product tables of Shopware 6, as the profile “Default product” exports them."""

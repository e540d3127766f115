"""Product tables of Magento 2 (Adobe Commerce), and the shorter ones of its sample data."""

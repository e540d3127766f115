"""Product data for Google Merchant Center: RSS 2.0 with the `g:` namespace, by the product data specification.

https://support.google.com/merchants/answer/7052112
"""

"""Papers of orders: invoices and credit notes by the rules of their country, as PDF and as electronic invoices."""

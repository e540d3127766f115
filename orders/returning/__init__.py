"""Returns and questions after the sale: rules, the customer's pages, and the operators' desks."""

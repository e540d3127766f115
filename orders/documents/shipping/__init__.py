"""Papers about parcels: `shares` divides amounts, `facts` reads an order, the sheets put it in words."""

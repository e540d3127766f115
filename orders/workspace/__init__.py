"""Where operators work on orders: the list, one order's page, and the operations on it. Part of the admin site."""

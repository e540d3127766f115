"""Bank transfer: the shopper sends the money from their own bank; statements say that it came."""

"""Work on many orders: what each deed does to one order, and the job that does it to all of them."""

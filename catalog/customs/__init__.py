"""What customs must know of a variant: how much of it is there, what is missing, and what its neighbours say."""

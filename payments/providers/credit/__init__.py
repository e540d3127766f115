"""Gift cards and store credit as a provider: it takes at placing, and gives back when it is asked to refund."""

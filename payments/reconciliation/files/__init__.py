"""Payout files of providers: read as a whole or refused as a whole, then matched like everything else."""

"""Work on stock: transfers, stock takes, corrections, batches, channels, alerts."""

"""Steps that turn the demo data into a shop, each idempotent, in the order of `steps.STEPS`."""

"""The warehouse floor: picking in waves, checking and packing by scanner, handing over to carriers."""

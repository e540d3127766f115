"""Bank statements: read, each line kept once, matched by reference, booked through the payments' own facts."""

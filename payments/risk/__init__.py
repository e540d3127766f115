"""How risky a payment is: measured, weighed by rules that operators set, and decided with reasons."""

"""Changes to placed orders: what may change, what it will cost, and the operators' screens for it.

Nothing here writes. `standing` says what may change, `pricing` asks the quote engine, `shares` divides amounts, and
the actions in `orders.actions.changing` and its neighbours write what was shown.
"""

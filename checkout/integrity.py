"""What must be true between checkouts and orders."""

from core.integrity import Check, register

register(
    Check(
        "O08",
        "critical",
        "An order was placed at the price its checkout had agreed to.",
        "SELECT o.number FROM orders_order o JOIN checkout_checkout c ON c.order_number = o.number"
        " WHERE c.quote_fingerprint <> o.quote_hash",
    ),
    Check(
        "O13",
        "critical",
        "A completed checkout has its order, and its cart is closed.",
        "SELECT c.id FROM checkout_checkout c LEFT JOIN orders_order o ON o.number = c.order_number"
        " JOIN cart_cart k ON k.id = c.cart_id WHERE c.state = 'placed' AND (o.id IS NULL OR k.state <> 'ordered')",
    ),
)

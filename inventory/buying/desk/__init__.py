"""The screens of buying: what to order, orders to suppliers, turnover."""

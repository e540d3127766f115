"""PayPal: its own pages, Orders v2 behind them."""

"""Disputes: a bank or PayPal asks a shopper's money back, and the shop answers with what it holds."""

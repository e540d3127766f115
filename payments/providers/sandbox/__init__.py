"""The sandbox: a pretended provider with a pay page, durable books and signed messages. No money moves."""

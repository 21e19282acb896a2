"""The price engine: pure functions from an offer, what the customer chose and a day to an itemised quote.

``engine.quote`` makes the quote; ``changing`` moves between plans in the middle of a bill, ``terms`` ends contracts early,
``usage`` says what months of usage cost under a plan. Nothing here reads a clock, a setting or a database.
docs/pricing.md tells how a price comes about.
"""

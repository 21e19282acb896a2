"""Pages of offers, discounts and points."""

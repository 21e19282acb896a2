"""What a customer may have now: offers with every reason and price, discounts at the counter, points."""

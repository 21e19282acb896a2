"""Pages of the catalogue: what is sold, its versions and prices, promotions, and trying them against a customer."""

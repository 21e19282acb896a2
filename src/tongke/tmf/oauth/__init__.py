"""OAuth 2.0 for machine clients: tokens for id and secret, taking them back, and what is known of them."""

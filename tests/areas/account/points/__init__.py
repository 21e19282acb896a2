"""Points: lots, expiry, reversal."""

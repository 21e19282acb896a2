"""What customers have: subscribers (lines), installed products, usage."""

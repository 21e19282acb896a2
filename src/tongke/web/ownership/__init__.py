"""The page on which a line changes its owner (过户)."""

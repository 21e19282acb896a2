"""What is sold: product offerings (a first form; versions and rules come with ordering)."""

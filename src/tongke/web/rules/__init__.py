"""Pages of the eligibility rules: the list, one rule, drafting, putting in force, and the tester."""

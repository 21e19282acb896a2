"""The customer on one screen: every panel of every room in one statement, as JSON and as a page."""

"""Papers: what is printed for customers and files, as PDF with its own Chinese font."""

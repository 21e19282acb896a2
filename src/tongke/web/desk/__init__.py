"""Small desk work on one customer: recording a contact, moving to another organisation."""

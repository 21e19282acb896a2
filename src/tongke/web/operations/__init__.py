"""What an administrator of the system watches: events and the reactions to them."""

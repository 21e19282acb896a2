"""Documents of the APIs over numbers, stock, the network and places."""

"""What the Open APIs about people and organisations share: reading their documents into the words of the party room."""

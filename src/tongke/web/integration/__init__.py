"""Other systems and assistants: who may talk to this house, and what they did."""

"""Events for other systems: who subscribed to what, what is told to whom, and its delivery."""

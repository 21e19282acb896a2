"""What an installation is: its settings, data directory, embedded database and server entries."""

"""Pages about other systems and assistants."""

"""What a room does when another room announces something: one file a reacting room."""

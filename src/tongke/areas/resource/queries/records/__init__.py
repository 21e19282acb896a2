"""What the resource room offers other channels to read, column by column, by noun; they name the columns and never the tables."""

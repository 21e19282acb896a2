"""The database backend of the house: PostgreSQL with the actor's scope on every connection."""

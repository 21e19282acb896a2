"""Statistics: agreed figures drawn, each drilling to its rows."""

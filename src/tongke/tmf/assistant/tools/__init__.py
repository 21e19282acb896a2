"""The tools, one file a subject; ``declaring.all_tools`` reads every file of this package."""

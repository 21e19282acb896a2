"""The kit of the Open APIs: its language, its patches, its description."""

"""Pages for loading files: upload, preview, progress, outcome."""

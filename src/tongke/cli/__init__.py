"""The console command ``tongke``: one module a command, each a few lines above services and config."""

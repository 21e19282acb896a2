"""Numbers: blocks, pools, holds, life and grades."""

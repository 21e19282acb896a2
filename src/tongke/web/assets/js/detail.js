// Detail pages.

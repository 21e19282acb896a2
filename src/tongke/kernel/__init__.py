"""Words and tools without business: every other floor stands on this one."""

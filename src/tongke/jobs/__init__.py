"""Entry points of the queue's tasks and their schedule: a few lines each that end in one call."""

"""The number desk: pools and their gauges, search and holds, numbers, blocks, grades, figures, lists of numbers."""

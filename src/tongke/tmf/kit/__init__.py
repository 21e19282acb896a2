"""What all Open APIs share: declarations, the query language, reading, writing, errors and the documents' own description."""

"""Pages that create and keep customers: record, documents, contact, consents, credit, history, blacklist, repair, policy."""

"""How the database came to its present form, one numbered step at a time."""

"""One idea per file: each detector is a plain function from a document to what it found in it."""

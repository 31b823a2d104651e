"""The append-only record of acts. It keeps digests, never meanings."""

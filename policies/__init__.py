"""What may be said, to whom, until when. Pure: no web, no database, no clock, no environment."""

"""Who is asking, and for which circle."""

"""What the parts of the service do, how well and how fast: tables that anybody can run again."""

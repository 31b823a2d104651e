"""The job: reports in, bulletins out."""

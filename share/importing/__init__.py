"""Reports from spreadsheets: read, checked row by row, and brought in all together or not at all."""

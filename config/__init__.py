"""The ground floor: settings, database, keys, logs and the clock. It knows machines, not people."""

"""Sealed originals: the only room that may ever open one."""

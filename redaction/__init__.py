"""Text and fields in, safer text and fields out. Pure: the same code runs on a partner's own machine."""

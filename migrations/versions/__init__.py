"""The steps. A step that was released is never edited; what it got wrong, the next one mends."""

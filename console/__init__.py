"""Pages for people: forms and answers around the use cases of other rooms. No business rule and no SQL."""

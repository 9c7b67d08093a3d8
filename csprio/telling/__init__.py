"""Words and filled-in sheets in, entries of the journal out: all is checked, nothing is written."""

"""Text in: the only room that opens inputs and knows lines."""

"""One file a command: its options, the pipeline run to a stop, the answer shown."""

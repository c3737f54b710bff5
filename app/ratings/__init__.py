"""Rating runs: freeze the inputs, compute, store, never change."""

"""What the models share, and what of them is written by hand."""

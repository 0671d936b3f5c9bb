"""Code that is generated from the JSON Schemas."""

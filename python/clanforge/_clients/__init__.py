"""What the generated clients are made of: base classes, calls, settings, and the monitor."""

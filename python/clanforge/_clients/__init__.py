"""Clients, their settings and credentials, and rollouts."""

"""Logs what a client and its waits do."""

import logging

import clanforge

logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
logging.getLogger("clanforge").setLevel(logging.DEBUG)

clanforge.image_status(1234, 5678)

"""Reads a status under gevent, in the hub's threadpool: a call of the client does not yield to other greenlets."""

from gevent import monkey

monkey.patch_all()

import gevent

import clanforge

with clanforge.Client() as client:
    status = gevent.get_hub().threadpool.apply(client.image_status, (1234, 5678))
print(status.percent_text)

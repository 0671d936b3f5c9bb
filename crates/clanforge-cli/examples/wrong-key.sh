#!/bin/sh
CLANFORGE_SECRET_KEY=not-the-key clanforge status --image 5678

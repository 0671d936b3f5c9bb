#!/bin/sh
# docs: write
clanforge status --image 5678 -o openmetrics > clanforge.prom.new &&
    mv clanforge.prom.new clanforge.prom
# docs: end
grep '^# HELP' clanforge.prom

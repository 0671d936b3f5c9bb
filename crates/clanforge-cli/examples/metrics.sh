#!/bin/sh
clanforge status --image 5678 -o openmetrics

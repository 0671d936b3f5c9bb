#!/bin/sh
clanforge status --image 5678 --detail

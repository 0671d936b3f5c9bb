#!/bin/sh
clanforge check --image 5678 --region Eurpe

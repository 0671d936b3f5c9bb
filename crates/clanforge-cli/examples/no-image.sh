#!/bin/sh
clanforge status

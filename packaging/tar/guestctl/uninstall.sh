#!/bin/sh
# Removes guestctl as the tar.gz has installed it.
set -eu

while read -r _ path; do rm -f "/$path"; done </usr/lib/guestctl/MANIFEST
rm -rf /usr/lib/guestctl /usr/share/doc/guestctl

#!/bin/sh
# Removes nova-control as the tar.gz has installed it: uninstall.sh [--purge]
#   --purge  also remove the configuration and the database; disks of guests stay
set -eu

purge=no
for option; do
    case $option in
    --purge) purge=yes ;;
    *)
        echo "Usage: $0 [--purge]" >&2
        exit 64
        ;;
    esac
done

/usr/lib/nova-control/service.sh remove
while read -r _ path; do
    case $path in
    etc/*) if [ $purge = no ]; then continue; fi ;;
    esac
    rm -f "/$path"
done </usr/lib/nova-control/MANIFEST
rm -rf /usr/lib/nova-control /usr/share/doc/nova-control
state=/var/lib/nova-control
if [ $purge = yes ] && [ -n "$(ls -A $state/disks 2>/dev/null)" ]; then
    # They are the guests', which may be running.
    find $state -mindepth 1 -maxdepth 1 ! -name disks ! -name domains -exec rm -rf {} +
    echo "The disks of guests stay in $state/disks, what xl knows of them in $state/domains" >&2
elif [ $purge = yes ]; then
    rm -rf $state
fi
if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi

#!/bin/sh
# Installs nova-control from this folder: install.sh [--root DIR]
# A configuration that is there stays. Over an earlier version: with a backup of its database before.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/copy-files.sh"

service() {
    if [ -n "$root" ]; then
        chroot "$root" /usr/lib/nova-control/service.sh "$1"
    else
        /usr/lib/nova-control/service.sh "$1"
    fi
}

if [ -e "$root/usr/lib/nova-control/service.sh" ]; then service before-upgrade; fi
# Names of its files change with what is in them.
rm -rf "$root/usr/lib/nova-control/panel"
copy_files nova-control
service installed
echo "nova-control is installed; /usr/lib/nova-control/uninstall.sh removes it"

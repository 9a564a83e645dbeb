#!/bin/sh
# Installs nova-agent from this folder: install.sh [--root DIR]
# A configuration that is there stays. The services start with the system, and now where this is the
# running one.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/copy-files.sh"

action=install
if [ -e "$root/usr/lib/nova-agent/services.sh" ]; then action=upgrade; fi
copy_files nova-agent
if [ -n "$root" ]; then
    chroot "$root" /usr/lib/nova-agent/services.sh "$action"
else
    /usr/lib/nova-agent/services.sh "$action"
fi
echo "nova-agent is installed; /usr/lib/nova-agent/uninstall.sh removes it"

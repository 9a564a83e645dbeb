#!/bin/sh
# Installs guestctl from this folder: install.sh [--root DIR]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/copy-files.sh"

copy_files guestctl
echo "guestctl is installed; /usr/lib/guestctl/uninstall.sh removes it"

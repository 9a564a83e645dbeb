#!/bin/sh
# What the packages of nova-control do with its service: service.sh before-upgrade | installed | remove
# The operator enables it: a service that makes domains waits for its configuration and its first user.
set -eu

state=/var/lib/nova-control
# There while an upgrade is under way that has ended a running service.
ended=/run/nova-control.upgrade

is_running() {
    [ -d /run/systemd/system ] && systemctl --quiet is-active nova-control
}

# Whether there may be a database: one was made in the usual place, or another place is named.
is_used() {
    [ -d $state ] || grep -Eqs '^[[:space:]]*(database|state_directory)[[:space:]]*=' /etc/nova-control.conf
}

# The newer version changes the tables when it starts, which this one refuses then: its name is the file's.
write_backup() {
    mkdir -p $state/backups
    chmod 700 $state $state/backups
    version=$(nova-control --version) &&
        nova-control backup "$state/backups/before-upgrade-from-${version#nova-control }"
}

case ${1:-} in
before-upgrade)
    if is_running; then
        # The embedded database is open in one process at a time. The domains run on.
        systemctl stop nova-control
        touch $ended
    fi
    if is_used && ! write_backup; then
        echo "nova-control: no backup was written before this upgrade, for the reason above" >&2
    fi
    ;;
installed)
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
    if [ -e $ended ]; then
        rm -f $ended
        systemctl start nova-control ||
            echo "nova-control: it did not start again; see journalctl -u nova-control" >&2
    fi
    ;;
remove)
    if is_running; then systemctl stop nova-control; fi
    if command -v systemctl >/dev/null; then systemctl --quiet disable nova-control || true; fi
    ;;
*)
    echo "Usage: $0 before-upgrade | installed | remove" >&2
    exit 64
    ;;
esac

#!/bin/sh
# Has the init system of this machine start nova-agent and xe-daemon: services.sh install|upgrade|remove
# The packages and the installer of the tar.gz run it. It works in a chroot as on the running system; only
# on the latter services are started and stopped. What an administrator has disabled stays so in upgrades.
set -eu

SOURCES=/usr/share/nova-agent/init
# In the order of their start. With systemd the first is an alias of xe-daemon.service.
SERVICES="xe-linux-distribution nova-agent"
UNITS="xe-daemon.service nova-agent.service"

is_there() {
    command -v "$1" >/dev/null 2>&1
}

# A chroot's root is not that of the first process; without /proc nobody can tell, and nothing is started.
is_running_system() {
    [ "$(stat -L -c %d:%i / 2>/dev/null)" = "$(stat -L -c %d:%i /proc/1/root/. 2>/dev/null || echo none)" ]
}

find_init() {
    if [ -d /run/systemd/system ]; then
        echo systemd
        return
    fi
    case $(readlink -f /sbin/init 2>/dev/null) in
    */systemd) echo systemd ;;
    *)
        if [ -x /sbin/openrc ] || [ -x /usr/bin/openrc ]; then
            echo openrc
        elif [ -x /sbin/initctl ] && [ -e /etc/init/rc-sysinit.conf ]; then
            echo upstart
        elif [ ! -e /sbin/init ] && is_there systemctl; then
            echo systemd
        else
            echo sysv
        fi
        ;;
    esac
}

# Where packages do not bring the scripts themselves.
place() {
    [ -d "$SOURCES" ] || return 0
    case $INIT in
    openrc) place_scripts openrc /etc/init.d "" 755 ;;
    upstart) place_scripts upstart /etc/init .conf 644 ;;
    sysv) place_scripts sysv /etc/init.d "" 755 ;;
    esac
}

place_scripts() {
    mkdir -p "$2"
    for name in $SERVICES; do
        cp "$SOURCES/$1/$name$3" "$2/$name$3.new"
        chmod "$4" "$2/$name$3.new"
        mv -f "$2/$name$3.new" "$2/$name$3"
    done
}

unplace() {
    [ -d "$SOURCES" ] || return 0
    for name in $SERVICES; do
        case $INIT in
        openrc | sysv) rm -f "/etc/init.d/$name" ;;
        upstart) rm -f "/etc/init/$name.conf" ;;
        esac
    done
}

enable() {
    case $INIT in
    systemd)
        forget_predecessors
        # shellcheck disable=SC2086
        systemctl enable --quiet $UNITS
        ;;
    *) for name in $SERVICES; do enable_one "$name"; done ;;
    esac
}

enable_one() {
    case $INIT in
    openrc) rc-update --quiet add "$1" default ;;
    sysv)
        if is_there update-rc.d; then
            update-rc.d "$1" defaults >/dev/null
        elif is_there chkconfig; then
            chkconfig --add "$1" && chkconfig "$1" on
        elif is_there insserv; then
            insserv "$1"
        else
            echo "Start /etc/init.d/$1 with the system: nothing here does that" >&2
        fi
        ;;
    esac
}

# What the removal of a predecessor leaves on Debian: links to units that are gone, and masks of names that
# are in use again. What deb-systemd-helper(1p) remembers would take links away when that is purged.
forget_predecessors() {
    for name in python3-nova-agent nova-agent xe-daemon xe-linux-distribution; do
        old=/etc/systemd/system/$name.service
        if is_there deb-systemd-helper; then deb-systemd-helper purge "$name.service" >/dev/null 2>&1 || true; fi
        if [ "$(readlink "$old" 2>/dev/null)" = /dev/null ]; then rm -f "$old"; fi
        rm -f /etc/systemd/system/*.wants/"$name.service"
    done
}

disable() {
    case $INIT in
    systemd)
        # shellcheck disable=SC2086
        systemctl disable --quiet $UNITS || true
        ;;
    *) for name in $SERVICES; do disable_one "$name"; done ;;
    esac
}

disable_one() {
    case $INIT in
    openrc) rc-update --quiet --all delete "$1" || true ;;
    sysv)
        if is_there update-rc.d; then
            # Refuses where a package keeps the script; then postrm does it.
            update-rc.d -f "$1" remove >/dev/null 2>&1 || true
        elif is_there chkconfig; then
            chkconfig --del "$1" || true
        elif is_there insserv; then
            insserv --remove "$1" || true
        fi
        ;;
    esac
}

# start|stop|restart. The network may wait for the agent, but no installation does.
control() {
    is_running_system || return 0
    if [ "$INIT" = systemd ]; then
        [ -d /run/systemd/system ] || return 0
        systemctl daemon-reload || true
        case $1 in
        # shellcheck disable=SC2086
        stop) systemctl stop $UNITS || true ;;
        start) systemctl_unless_forbidden start ;;
        restart) systemctl_unless_forbidden try-restart ;;
        esac
        return 0
    fi
    for name in $SERVICES; do control_one "$1" "$name"; done
}

# A policy may forbid starts, as in the making of images (invoke-rc.d(8)).
systemctl_unless_forbidden() {
    for unit in $UNITS; do
        if [ -x /usr/sbin/policy-rc.d ]; then
            /usr/sbin/policy-rc.d "${unit%.service}" "$1" >/dev/null 2>&1 || continue
        fi
        systemctl --no-block "$1" "$unit" || true
    done
}

control_one() {
    action=$1
    if [ "$action" = restart ]; then
        "$INIT"_status "$2" || return 0
    fi
    case $INIT in
    openrc) rc-service "$2" "$action" || true ;;
    upstart) initctl "$action" "$2" || true ;;
    sysv)
        if is_there invoke-rc.d; then
            invoke-rc.d "$2" "$action" || true
        else
            "/etc/init.d/$2" "$action" || true
        fi
        ;;
    esac
}

openrc_status() {
    rc-service "$1" status >/dev/null 2>&1
}

upstart_status() {
    initctl status "$1" 2>/dev/null | grep -q start/running
}

sysv_status() {
    "/etc/init.d/$1" status >/dev/null 2>&1
}

INIT=$(find_init)
case ${1:-} in
install)
    place
    enable
    control start
    ;;
upgrade)
    place
    control restart
    ;;
remove)
    control stop
    disable
    unplace
    ;;
*)
    echo "Usage: $0 install|upgrade|remove" >&2
    exit 64
    ;;
esac

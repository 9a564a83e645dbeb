#!/bin/sh
# Removes nova-agent as the tar.gz has installed it: uninstall.sh [--undo] [--purge]
#   --undo   also give the guest back the files it had before its network and host name were changed
#   --purge  also remove the configuration and all that the agent keeps
set -eu

undo=no
purge=no
for option; do
    case $option in
    --undo) undo=yes ;;
    --purge) purge=yes ;;
    *)
        echo "Usage: $0 [--undo] [--purge]" >&2
        exit 64
        ;;
    esac
done

/usr/lib/nova-agent/services.sh remove
if [ $undo = yes ]; then
    # Everything stays when it fails, the services too.
    /usr/bin/nova-agent undo || { /usr/lib/nova-agent/services.sh install; exit 1; }
fi
while read -r _ path; do
    case $path in
    etc/*) if [ $purge = no ]; then continue; fi ;;
    esac
    rm -f "/$path"
done </usr/lib/nova-agent/MANIFEST
rm -rf /usr/lib/nova-agent /usr/share/nova-agent /usr/share/doc/nova-agent
if [ $purge = yes ]; then
    rm -rf /var/lib/nova-agent
    rm -f /var/cache/xe-linux-distribution /var/log/nova-agent.log* /var/log/xe-daemon.log*
fi
if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi

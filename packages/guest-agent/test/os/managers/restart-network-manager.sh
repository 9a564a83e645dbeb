#!/bin/sh
# Stands for systemctl(1) in a guest made of namespaces: starts and stops NetworkManager, as netplan asks it to.
set -eu
stop() {
  if [ ! -e /run/network-manager.pid ]; then return; fi
  old=$(cat /run/network-manager.pid)
  kill "$old" 2>/dev/null || return 0
  # Nobody collects it in these namespaces, so its entry may stay.
  while grep -qs '^State:.[^Z]' "/proc/$old/status"; do sleep 0.05; done
}
case "$*" in
"stop --no-block NetworkManager.service") stop ;;
"start --no-block NetworkManager.service")
  stop
  NetworkManager --no-daemon --debug >>/run/manager.log 2>&1 </dev/null &
  echo $! >/run/network-manager.pid
  ;;
# An MTU goes to udev in a file for which netplan asks networkd, too, which is not there, and its relatives.
daemon-reload | "stop --no-block netplan-wpa-*.service") ;;
"restart systemd-networkd.service" | "start netplan-ovs-cleanup.service") ;;
"--quiet is-active "*) exit 3 ;;
*)
  echo "unknown: systemctl $*" >&2
  exit 1
  ;;
esac

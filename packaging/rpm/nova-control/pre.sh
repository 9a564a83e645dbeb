# What is there is the version that goes.
if [ "$1" -gt 1 ] && [ -x /usr/lib/nova-control/service.sh ]; then
    /usr/lib/nova-control/service.sh before-upgrade
fi

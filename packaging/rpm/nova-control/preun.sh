# 0: none is left behind.
if [ "$1" = 0 ]; then /usr/lib/nova-control/service.sh remove; fi

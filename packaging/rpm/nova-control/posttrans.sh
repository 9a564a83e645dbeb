/usr/lib/nova-control/service.sh installed

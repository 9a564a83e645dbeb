# 0: none is left behind.
if [ "$1" = 0 ]; then
    /usr/lib/nova-agent/services.sh remove
    # NOVA_AGENT_UNDO=yes rpm -e nova-agent
    if [ "${NOVA_AGENT_UNDO:-}" = yes ]; then
        # The package stays when it fails, and its services with it.
        /usr/bin/nova-agent undo || { /usr/lib/nova-agent/services.sh install; exit 1; }
    fi
fi

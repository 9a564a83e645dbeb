# 0: none is left behind.
if [ "$1" = 0 ]; then
    /usr/lib/nova-agent/services.sh remove
    # NOVA_AGENT_UNDO=yes rpm -e nova-agent
    if [ "${NOVA_AGENT_UNDO:-}" = yes ]; then /usr/bin/nova-agent undo; fi
fi

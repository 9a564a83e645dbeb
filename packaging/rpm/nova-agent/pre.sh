# A first installation, or one over an agent of another kind: %posttrans is told.
if [ ! -e /usr/lib/nova-agent/services.sh ]; then
    mkdir -p /var/lib/nova-agent
    chmod 700 /var/lib/nova-agent
    touch /var/lib/nova-agent/is-new
fi

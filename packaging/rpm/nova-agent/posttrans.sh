# Behind the removal of what it obsoletes, which disables the names it shares with us.
if [ -e /var/lib/nova-agent/is-new ]; then
    /usr/lib/nova-agent/services.sh install
    rm -f /var/lib/nova-agent/is-new
else
    /usr/lib/nova-agent/services.sh upgrade
fi

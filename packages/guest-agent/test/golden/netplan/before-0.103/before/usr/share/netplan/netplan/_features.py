# Generated file
NETPLAN_FEATURE_FLAGS = [
    "dhcp-use-domains",
    "auth-phase2",
    "ipv6-mtu",
    "modems",
    "openvswitch",
    "generated-supplicant",
]

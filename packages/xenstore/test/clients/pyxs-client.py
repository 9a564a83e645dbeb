"""Talks to a XenStore server with pyxs, and prints what came of it as one JSON object.

    pyxs-client.py SOCKET BASE      BASE is a path below which this client may write
"""

import json
import sys

from pyxs import Client, PyXSError

socket, base = sys.argv[1], sys.argv[2].encode()
result = {}


def refused(call, *arguments):
    try:
        call(*arguments)
    except PyXSError as error:
        return error.args[0]
    return 0


with Client(unix_socket_path=socket) as client:
    client.write(base + b"/a", b"one")
    client.mkdir(base + b"/d/e")
    result["read"] = client.read(base + b"/a").decode()
    result["list"] = sorted(name.decode() for name in client.list(base))
    result["exists"] = [client.exists(base + b"/d/e"), client.exists(base + b"/missing")]
    result["missing"] = refused(client.read, base + b"/missing")
    result["path"] = client.get_domain_path(5).decode()
    result["foreign"] = refused(client.write, b"/tool/foreign", b"x")

    client.set_perms(base + b"/a", [client.get_perms(base + b"/a")[0], b"r6"])
    result["permissions"] = client.get_perms(base + b"/a")[1].decode()

    client.transaction()
    client.write(base + b"/a", b"two")
    with Client(unix_socket_path=socket) as other:
        result["outside"] = other.read(base + b"/a").decode()
    result["committed"] = client.commit()
    result["after"] = client.read(base + b"/a").decode()

    client.transaction()
    client.read(base + b"/a")
    client.write(base + b"/d/e", b"x")
    with Client(unix_socket_path=socket) as other:
        other.write(base + b"/a", b"three")
    result["conflicting"] = client.commit()

    with client.monitor() as monitor:
        monitor.watch(base + b"/d", b"token")
        events = monitor.wait()
        first = next(events)
        with Client(unix_socket_path=socket) as other:
            other.write(base + b"/d/new", b"x")
        second = next(events)
    result["events"] = [[path.decode(), token.decode()] for path, token in (first, second)]

    client.delete(base + b"/d")
    result["left"] = [name.decode() for name in client.list(base)]

print(json.dumps(result))

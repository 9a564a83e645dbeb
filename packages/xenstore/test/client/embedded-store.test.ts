import { test } from "node:test";
import { createTransportPair, serve, Store, XenstoreClient } from "@nova-agent/xenstore";
import { createManualClock } from "@nova-agent/xenstore/testing";
import { clientCases } from "./client-cases.ts";

const clock = createManualClock();

function openClient(store: Store, domid: number): Promise<XenstoreClient> {
  const connect = async () => {
    const [ours, theirs] = createTransportPair();
    serve(store, theirs, { domid, clock });
    return ours;
  };
  return XenstoreClient.open({ connect, clock });
}

for (const { name, body } of clientCases) {
  void test(`client of the embedded store: ${name}`, async () => {
    const store = new Store();
    store.introduce(5);
    const [dom0, guest] = await Promise.all([openClient(store, 0), openClient(store, 5)]);
    await dom0.write("/local/domain/5/data", "");
    await dom0.setPermissions("/local/domain/5/data", [{ domid: 5, read: false, write: false }]);
    await body({ dom0, guest, hasLongLists: true });
    await Promise.all([dom0.close(), guest.close()]);
  });
}

import assert from "node:assert/strict";
import type { XenstoreClient } from "@nova-agent/xenstore";

/** Two clients of one server: dom0's, and that of domain 5, which is introduced and owns its `data`. */
export interface ClientCaseFacts {
  readonly dom0: XenstoreClient;
  readonly guest: XenstoreClient;
  /** Whether the server gives lists over 4096 bytes to a guest. */
  readonly hasLongLists: boolean;
}

/** What a client does with any server. */
export interface ClientCase {
  readonly name: string;
  readonly body: (facts: ClientCaseFacts) => Promise<void>;
}

/** One suite for the embedded store and for Xen's own servers. */
export const clientCases: readonly ClientCase[] = [
  {
    name: "a guest reads, writes, lists and removes its nodes, and no others",
    body: async ({ dom0, guest }) => {
      await guest.write("data/a", "grün");
      await guest.makeDirectory("data/b/c");
      assert.equal(await dom0.readText("/local/domain/5/data/a"), "grün");
      assert.deepEqual((await guest.list("data")).toSorted(), ["a", "b"]);
      assert.deepEqual(await guest.getPermissions("data/a"), [{ domid: 5, read: false, write: false }]);
      await guest.remove("data/b");
      assert.equal(await guest.exists("data/b"), false);
      await assert.rejects(guest.write("/tool/x", "1"), { code: "EACCES" });
      await assert.rejects(guest.write("data/a b", "1"), { code: "EINVAL" });
      assert.deepEqual(await guest.read("data/a"), new TextEncoder().encode("grün"));
    },
  },
  {
    name: "watches of guest and dom0 see each other's changes",
    body: async ({ dom0, guest }) => {
      const requests = guest.watch("data/host");
      const replies = dom0.watch("/local/domain/5/data/guest");
      await Promise.all([requests.ready, replies.ready]);
      const answer = (async () => {
        for await (const { path } of requests) {
          if (!(await guest.exists("data/host/1"))) continue;
          await guest.transaction(async (transaction) => {
            await transaction.write("data/guest/1", `${path}: ${await transaction.readText("data/host/1")}`);
            await transaction.remove("data/host/1");
          });
          break;
        }
      })();
      await dom0.write("/local/domain/5/data/host/1", "hello");
      for await (const event of replies) {
        if (await dom0.exists("/local/domain/5/data/guest/1")) {
          assert.match(event.path, /^\/local\/domain\/5\/data\/guest/);
          break;
        }
      }
      await answer;
      assert.match(await dom0.readText("/local/domain/5/data/guest/1"), /^data\/host(\/1)?: hello$/);
      assert.deepEqual(await dom0.list("/local/domain/5/data/host"), []);
    },
  },
  {
    name: "a transaction that conflicts runs again, one that throws leaves nothing",
    body: async ({ dom0 }) => {
      await dom0.write("/counter", "1");
      let runs = 0;
      await dom0.transaction(async (transaction) => {
        runs += 1;
        const count = Number(await transaction.readText("/counter"));
        if (runs === 1) await dom0.write("/counter", "10");
        await transaction.write("/counter", String(count + 1));
      });
      assert.equal(runs, 2);
      assert.equal(await dom0.readText("/counter"), "11");
      await assert.rejects(
        dom0.transaction(async (transaction) => {
          await transaction.write("/counter", "99");
          throw new Error("Enough");
        }),
        { message: "Enough" },
      );
      assert.equal(await dom0.readText("/counter"), "11");
    },
  },
  {
    name: "a transaction whose node another connection removes in the middle runs again",
    body: async ({ dom0, guest }) => {
      await guest.write("data/host/1", "request");
      let runs = 0;
      const isWithdrawn = await dom0.transaction(async (transaction) => {
        runs += 1;
        const path = "/local/domain/5/data/host/1";
        const isThere = await transaction.exists(path);
        if (runs === 1) await guest.remove("data/host/1");
        if (isThere) await transaction.remove(path);
        return isThere;
      });
      assert.deepEqual([isWithdrawn, runs], [false, 2]);
    },
  },
  {
    name: "parallel transactions on one value lose no step",
    body: async ({ dom0, guest }) => {
      await guest.write("data/counter", "0");
      const steps = Array.from({ length: 5 }, async () => {
        await countUp(dom0, "/local/domain/5/data/counter");
        await countUp(guest, "data/counter");
      });
      await Promise.all(steps);
      assert.equal(await dom0.readText("/local/domain/5/data/counter"), "10");
    },
  },
  {
    name: "domains are introduced and released, and special watches tell",
    body: async ({ dom0 }) => {
      assert.equal(await dom0.getDomainPath(5), "/local/domain/5");
      assert.equal(await dom0.isIntroduced(5), true);
      assert.equal(await dom0.isIntroduced(6), false);
      const watch = dom0.watch("@releaseDomain");
      await watch.ready;
      const events = watch[Symbol.asyncIterator]();
      await events.next();
      await dom0.release(5);
      assert.deepEqual(await events.next(), { value: { path: "@releaseDomain" }, done: false });
      assert.equal(await dom0.isIntroduced(5), false);
    },
  },
  {
    name: "a list over 4096 bytes is complete, or E2BIG where the server has no parts for guests",
    body: async ({ dom0, guest, hasLongLists }) => {
      const names = Array.from({ length: 900 }, (_, index) => `number-${index}`);
      await Promise.all(names.map((name) => dom0.write(`/local/domain/5/data/${name}`, "")));
      if (hasLongLists) assert.deepEqual((await guest.list("data")).toSorted(), names.toSorted());
      else await assert.rejects(guest.list("data"), { code: "E2BIG" });
      assert.deepEqual((await dom0.list("/local/domain/5/data")).toSorted(), names.toSorted());
    },
  },
  {
    name: "2000 requests under way at once are all answered",
    body: async ({ dom0 }) => {
      const numbers = Array.from({ length: 2000 }, (_, index) => `${index}`);
      await Promise.all(numbers.map((number) => dom0.write(`/n/${number}`, number)));
      assert.deepEqual(await Promise.all(numbers.map((number) => dom0.readText(`/n/${number}`))), numbers);
    },
  },
];

function countUp(client: XenstoreClient, path: string): Promise<void> {
  return client.transaction(async (transaction) => {
    await transaction.write(path, String(Number(await transaction.readText(path)) + 1));
  });
}

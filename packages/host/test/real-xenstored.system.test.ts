import assert from "node:assert/strict";
import { systemTest } from "@nova-agent/testbed";
import {
  type ExchangeProgress,
  injectFile,
  readFeatures,
  readVersion,
  Secret,
  setPassword,
} from "../src/index.ts";
import { nodeCrypto } from "../src/node/index.ts";
import { AgentAnswers } from "../src/testing/agent-answers.ts";
import { hasCode } from "./support/has-code.ts";
import { startRealHost } from "./support/real-host.ts";

/** Debian's servers, with a file that each takes and one that is too large for it. */
const servers = [
  { kind: "c", name: "xenstored", fits: 2900, refused: 3100 },
  { kind: "ox", name: "oxenstored", fits: 1400, refused: 1500 },
] as const;

for (const { kind, name, fits, refused } of servers) {
  const options = { needs: [name, "cc"] } as const;

  systemTest(`over Debian's ${name} a guest answers, and nothing of it stays`, options, async (context) => {
    const agent = new AgentAnswers();
    const { connector, xenstore } = await startRealHost(context, { kind, answer: agent.answer });
    assert.deepEqual(await readVersion(connector, { domid: 5 }), { domid: 5, version: "2.1.25" });
    await setPassword(connector, {
      domid: 5,
      password: new Secret(Buffer.from("pässwörd-€")),
      crypto: nodeCrypto,
    });
    assert.deepEqual(agent.passwords, ["pässwörd-€\n"]);
    assert.deepEqual(await xenstore.list("/local/domain/5/data/host"), []);
    assert.deepEqual(await xenstore.list("/local/domain/5/data/guest"), []);
  });

  for (const features of ["file_inject", "injectfile"]) {
    systemTest(`over Debian's ${name} ${features} carries ${fits} bytes`, options, async (context) => {
      const agent = new AgentAnswers(features);
      const { connector } = await startRealHost(context, { kind, answer: agent.answer });
      const content = Buffer.alloc(fits, "x");
      await injectFile(connector, { domid: 5, file: { path: "/etc/motd", content } });
      assert.deepEqual(agent.files, [{ path: "/etc/motd", content }]);
    });
  }

  systemTest(`over Debian's ${name} a file of ${refused} bytes is too large`, options, async (context) => {
    const agent = new AgentAnswers();
    const { connector, xenstore } = await startRealHost(context, { kind, answer: agent.answer });
    const file = { path: "/etc/motd", content: Buffer.alloc(refused, "x") };
    await assert.rejects(injectFile(connector, { domid: 5, file }), hasCode("TOO_LARGE", /Send less/));
    assert.deepEqual(await xenstore.list("/local/domain/5/data/host"), []);
    assert.deepEqual(await readVersion(connector, { domid: 5 }), { domid: 5, version: "2.1.25" });
  });

  systemTest(
    `over Debian's ${name} a guest that gets a new domid in the middle is followed`,
    options,
    async (context) => {
      const { connector, server, restoreGuest } = await startRealHost(context, {
        kind,
        answer: () => "take",
      });
      const agent = new AgentAnswers();
      const acted: Promise<unknown>[] = [];
      const onProgress = ({ stage }: ExchangeProgress): void => {
        if (stage === "taken") acted.push(server.destroyDomain(5));
        if (stage === "away") acted.push(restoreGuest(8, agent.answer));
      };
      // Nothing else would end the wait: the limit is an hour.
      const { domid } = await readFeatures(connector, { domid: 5, timeoutMs: 3_600_000, onProgress });
      await Promise.all(acted);
      assert.equal(domid, 8);
    },
  );
}

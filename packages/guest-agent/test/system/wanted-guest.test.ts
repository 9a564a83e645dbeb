import assert from "node:assert/strict";
import { test } from "node:test";
import { XenstoreError } from "@nova-agent/xenstore";
import type { XenstoreReader } from "../../src/commands/command.ts";
import { readWantedGuest } from "../../src/system/reset-facts.ts";
import { canonical } from "../support/debian-guest.ts";
import { createReader, networkingData } from "../support/vm-data.ts";

const named = networkingData(canonical.networking);
const [firstPath = ""] = Object.keys(named);

/** A reader to whom one path is not there for the first few reads of it. */
function createFlickering({ path, absences }: { path: string; absences: number }): XenstoreReader {
  const reader = createReader(named);
  let left = absences;
  return {
    ...reader,
    readText: async (asked) => {
      if (asked !== path || left === 0) return reader.readText(asked);
      left -= 1;
      throw new XenstoreError("ENOENT", `"${path}" is not there`);
    },
  };
}

test("a network that is not there at the first read, and still listed, is read again", async () => {
  const wanted = await readWantedGuest(createFlickering({ path: firstPath, absences: 1 }));
  assert.deepEqual(wanted, await readWantedGuest(createReader(named)));
});

test("a network that is listed and never there is a fault, so that nobody takes it for done", async () => {
  const { links, faults } = await readWantedGuest(createFlickering({ path: firstPath, absences: 9 }));
  assert.equal(links.length, Object.keys(named).length - 1);
  assert.deepEqual(
    faults?.map(({ message }) => message),
    [`"${firstPath}" is listed, and cannot be read; ask again`],
  );
});

test("a network that is detached between the list and the read of it is left out", async () => {
  const reader = createFlickering({ path: firstPath, absences: 1 });
  let looks = 0;
  const wanted = await readWantedGuest({
    ...reader,
    list: async (path) => {
      looks += 1;
      const names = await reader.list(path);
      return looks === 1 ? names : names.filter((name) => !firstPath.endsWith(name));
    },
  });
  assert.equal(wanted.links.length, Object.keys(named).length - 1);
  assert.deepEqual(wanted.faults, []);
});

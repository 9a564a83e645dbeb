import assert from "node:assert/strict";
import test from "node:test";
import { guestKey, isSameGuest, mayTellOfGuest } from "../../src/model/guest-identity.ts";

const UUID = "ec2f3f0c-0000-4000-8000-000000000005";
const OTHER = "ec2f3f0c-0000-4000-8000-000000000006";
const bare = { uuid: undefined, name: undefined };

/** The guest, another domain, and whether it is the same guest. */
const pairs = [
  ["the UUID, whatever the name", { uuid: UUID, name: "web" }, { uuid: UUID, name: "web--incoming" }, true],
  ["the name with another UUID", { uuid: UUID, name: "web" }, { uuid: OTHER, name: "web" }, false],
  ["the name without a UUID", { uuid: UUID, name: "web" }, { uuid: undefined, name: "web" }, false],
  ["the name with the first UUID", { uuid: undefined, name: "web" }, { uuid: UUID, name: "web" }, false],
  ["the name where neither has a UUID", { ...bare, name: "web" }, { ...bare, name: "web" }, true],
  ["nothing at all", bare, bare, false],
] as const;

for (const [what, guest, domain, isSame] of pairs) {
  test(`a domain with ${what} is ${isSame ? "the same" : "another"} guest`, () => {
    assert.equal(isSameGuest(guest, domain), isSame);
  });
}

test("callers for one guest share a key at every domid, and others do not", () => {
  const guest = { uuid: UUID, name: "web" };
  assert.equal(guestKey(guest, 5), guestKey({ ...guest, name: "renamed" }, 8));
  assert.notEqual(guestKey(guest, 5), guestKey({ ...guest, uuid: OTHER }, 5));
  assert.equal(guestKey({ ...bare, name: "web" }, 5), guestKey({ ...bare, name: "web" }, 8));
  assert.notEqual(guestKey(bare, 5), guestKey(bare, 8));
});

const paths = [
  ["/local/domain", true],
  ["/local/domain/8", true],
  ["/local/domain/8/data", true],
  ["/local/domain/8/vm", true],
  ["/local/domain/8/name", true],
  ["/local/domain/8/data/meminfo_free", false],
  ["/local/domain/8/memory/target", false],
] as const;

for (const [path, isTold] of paths) {
  test(`a change of ${path} ${isTold ? "may tell" : "does not tell"} that a guest is back`, () => {
    assert.equal(mayTellOfGuest(path), isTold);
  });
}

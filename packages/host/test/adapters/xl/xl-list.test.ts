import assert from "node:assert/strict";
import test from "node:test";
import { parseDomidLine, parseXlList } from "../../../src/adapters/xl/xl-list.ts";
import { hasCode } from "../../support/has-code.ts";

/** Shortened from what xl 4.17 prints: the fields that are read, and some beside them. */
const LIST = `[
    {
        "domid": 0,
        "config": {
            "c_info": {
                "type": "pv",
                "name": "Domain-0",
                "uuid": "00000000-0000-0000-0000-000000000000"
            },
            "b_info": {
                "max_memkb": 2097152,
                "type.pv": {}
            }
        }
    },
    {
        "domid": 3,
        "config": {
            "c_info": {
                "type": "pvh",
                "name": "web-5e0a7a1e",
                "uuid": "5E0A7A1E-8f6b-4f6c-9d0a-2f5b3c1d4e6f",
                "run_hotplug_scripts": "True"
            },
            "disks": [{ "pdev_path": "/disks/own.img", "vdev": "xvda", "format": "raw" }],
            "nics": [{ "devid": 0, "mac": "00:16:3e:4a:10:01", "bridge": "xenbr0" }],
            "on_reboot": "restart"
        }
    },
    {
        "domid": 4,
        "config": {
            "c_info": {},
            "b_info": {}
        }
    }
]
`;

test("the list has every domain with a name but Dom0", () => {
  assert.deepEqual(parseXlList(LIST), [
    { domid: 3, name: "web-5e0a7a1e", uuid: "5e0a7a1e-8f6b-4f6c-9d0a-2f5b3c1d4e6f" },
  ]);
  assert.deepEqual(parseXlList("[]\n"), []);
});

test("what is no list of domains is told with its beginning", () => {
  for (const text of ["", "Name  ID  Mem\n", "{}"]) {
    assert.throws(() => parseXlList(text), hasCode("TOOLSTACK_FAILED"));
  }
});

test("a domid is a number on a line of its own, and never Dom0's", () => {
  assert.equal(parseDomidLine("12\n"), 12);
  for (const text of ["", "0\n", "web", "12 13", "123456"]) {
    assert.throws(() => parseDomidLine(text), hasCode("TOOLSTACK_FAILED"), text);
  }
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { parseServiceConfiguration } from "../../../src/service/configuration/service-configuration.ts";
import { ControlError } from "../../../src/errors.ts";

const NAME = "nova-control.conf";

test("an empty file is the packaged one with its defaults", async () => {
  const configuration = parseServiceConfiguration("", NAME);
  assert.deepEqual(configuration, {
    database: { kind: "pglite", directory: "/var/lib/nova-control/database" },
    xenstorePath: undefined,
    stateDirectory: "/var/lib/nova-control",
    sealKeyPath: "/var/lib/nova-control/seal-key",
    listen: { host: "127.0.0.1", port: 8774 },
    tls: undefined,
    monitoring: { host: "127.0.0.1", port: 9774 },
    publicUrl: undefined,
    hasPanel: true,
    logLevel: "info",
    operationsKeptMs: 7_776_000_000,
    auditKeptMs: 31_536_000_000,
    vifScript: undefined,
    images: [],
    flavors: [],
    networks: [],
  });
  const packaged = new URL("../../../../../../packaging/nova-control.conf", import.meta.url);
  const text = await readFile(packaged, "utf8");
  assert.deepEqual(parseServiceConfiguration(text, NAME), configuration);
  // What stands behind a # is what holds without it.
  const settings = text.replaceAll(/^#(?=[a-z_]+ = )/gm, "").split("# Images")[0] ?? "";
  assert.deepEqual(parseServiceConfiguration(settings, NAME), configuration);
});

test("everything can be set", () => {
  const text = `
    # a comment
    database = postgresql://nova@db.example.org/nova
    xenstore = /run/xenstored/socket
    state_directory = /srv/nova
    seal_key = /etc/nova/key
    listen = [2001:db8::1]:443
    monitoring_listen = none
    tls_certificate = /etc/nova/cert.pem
    tls_key = /etc/nova/key.pem
    public_url = https://cloud.example.org
    panel = no
    log_level = warn
    operations_kept_days = 7
    audit_kept_days = 30
    vif_script = vif-route
    [image debian 12]
    kernel = /boot/vmlinuz
    command_line = root=/dev/xvda1 console=hvc0
    disk = /images/debian.img
    disk_layout = filesystem
    min_disk_gib = 2
    [image rescue]
    type = pv
    is_rescue = yes
    has_agent = no
    [flavor small]
    vcpus = 1
    ram_mib = 512
    [network public]
    bridge = xenbr0
    cidr = 192.0.2.0/24
    gateway = 192.0.2.1
    dns = 192.0.2.53, 2001:db8::53
  `;
  const linux = { osType: "linux", minRamMib: 0 } as const;
  assert.deepEqual(parseServiceConfiguration(text, NAME), {
    database: { kind: "postgres", url: "postgresql://nova@db.example.org/nova" },
    xenstorePath: "/run/xenstored/socket",
    stateDirectory: "/srv/nova",
    sealKeyPath: "/etc/nova/key",
    listen: { host: "2001:db8::1", port: 443 },
    tls: { certificatePath: "/etc/nova/cert.pem", keyPath: "/etc/nova/key.pem" },
    monitoring: undefined,
    publicUrl: "https://cloud.example.org",
    hasPanel: false,
    logLevel: "warn",
    operationsKeptMs: 604_800_000,
    auditKeptMs: 2_592_000_000,
    vifScript: "vif-route",
    images: [
      {
        shown: {
          name: "debian 12",
          reference: "debian 12",
          hasAgent: true,
          isRescue: false,
          minDiskGib: 2,
          ...linux,
        },
        xl: {
          type: "pvh",
          boot: { kind: "kernel", kernel: "/boot/vmlinuz", commandLine: "root=/dev/xvda1 console=hvc0" },
          disk: { path: "/images/debian.img", format: "raw", layout: "filesystem" },
        },
      },
      {
        shown: {
          name: "rescue",
          reference: "rescue",
          hasAgent: false,
          isRescue: true,
          minDiskGib: 0,
          ...linux,
        },
        xl: { type: "pv", boot: { kind: "pygrub" } },
      },
    ],
    flavors: [{ id: "small", name: "small", vcpus: 1, ramMib: 512, diskGib: 0 }],
    networks: [
      {
        projectId: undefined,
        name: "public",
        bridge: "xenbr0",
        cidr: "192.0.2.0/24",
        cidr6: undefined,
        gateway: "192.0.2.1",
        gateway6: undefined,
        dns: ["192.0.2.53", "2001:db8::53"],
        routes: [],
      },
    ],
  });
});

for (const [text, words] of [
  ["listen = 127.0.0.1:8774\nlisten = 127.0.0.1:1", /^nova-control.conf:2: "listen" is set a second time/],
  ["listen = localhost:8774", /:1: "listen" takes an address and a port, .* not "localhost:8774"/],
  ["listen = 127.0.0.1:65536", /:1: "listen" takes/],
  ["listen = [127.0.0.1]:80", /:1: "listen" takes/],
  ["\nlisten = 192.0.2.1:8774", /:2: Cannot listen at 192.0.2.1 without tls_certificate and tls_key/],
  ["tls_key = /key", /:1: tls_certificate and tls_key belong together/],
  ["log_level = debug", /:1: "log_level" takes one of info, warn, error, not "debug"/],
  ["audit_kept_days = x", /:1: "audit_kept_days" takes a whole number from 1/],
  ["operations_kept_days = 0", /:1: "operations_kept_days" takes a whole number from 1/],
  ["xenstore = socket", /:1: "xenstore" takes auto or an absolute path/],
  ["panel = maybe", /:1: "panel" takes yes or no, not "maybe"/],
  ["public_url = cloud.example.org", /:1: "public_url" takes/],
  ["colour = red", /:1: Unknown setting "colour"; known here are database/],
  ["word", /:1: The line is not of the form key = value/],
  ["[image]", /:1: "\[image\]" is no heading/],
  ["[disk x]", /:1: Unknown heading \[disk …\]/],
  ["[image x]\n[image x]", /:2: \[image x\] is there a second time/],
  ["[image x]\nramdisk = /initrd", /:1: \[image x\] has a ramdisk or a command_line but no kernel/],
  ["[image x]\nhas_agent = true", /:2: "has_agent" takes yes or no, not "true"/],
  ["[flavor x]\nvcpus = 1", /:1: "ram_mib" is missing in \[flavor x\]: it takes a whole number/],
  ["[network x]\nbridge = b\ncidr = 192.0.2.0/33", /:3: "cidr" takes a network of IPv4/],
  ["[network x]\nbridge = b\ncidr = 192.0.2.0/24\ndns = one", /:4: "dns" takes IP addresses/],
] as const) {
  test(`${JSON.stringify(text)} is refused with its line`, () => {
    assert.throws(
      () => parseServiceConfiguration(text, NAME),
      (error) =>
        error instanceof ControlError && error.code === "BAD_CONFIGURATION" && words.test(error.message),
    );
  });
}

test("a database's URL is never shown, since it may hold a password", () => {
  assert.throws(
    () => parseServiceConfiguration("database = mysql://nova:hunter2@db/nova", NAME),
    (error) => error instanceof ControlError && !error.message.includes("hunter2"),
  );
});

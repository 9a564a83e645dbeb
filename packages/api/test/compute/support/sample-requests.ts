import type { Instance, KeyPair, Port } from "@nova-agent/host";
import type { Route } from "../../../src/route.ts";
import { debian, publicNet, rescueImage, small } from "./samples.ts";

/** What the paths and bodies of sample requests name. */
export interface Named {
  readonly instance: Instance;
  readonly port: Port;
  readonly keyPair: KeyPair;
  readonly requestId: string;
}

const server = {
  name: "web",
  imageRef: debian.id,
  flavorRef: small.id,
  networks: [{ uuid: publicNet.id }],
  metadata: { a: "b" },
  min_count: 1,
  max_count: 1,
  adminPass: "s3cret",
};

const activation = { activation_key: "k", profile: "web", domains: ["rhn.example.org"] };

const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f alice@example.org";

/** A body that each route takes, by its name; those that are not here take none. */
const bodies: Readonly<Record<string, unknown>> = {
  createServer: { server: { ...server, personality: [{ path: "/etc/motd", contents: "aGVsbG8=" }] } },
  createServerWithNetworks: { server },
  createServerWithoutFiles: { server: { ...server, networks: "auto" } },
  updateServer: { server: { name: "db" } },
  changePassword: { changePassword: { adminPass: "s3cret" } },
  reboot: { reboot: { type: "SOFT" } },
  "os-start": { "os-start": null },
  "os-stop": { "os-stop": null },
  rescue: { rescue: { adminPass: "s3cret", rescue_image_ref: rescueImage.id } },
  unrescue: { unrescue: null },
  resetNetwork: { resetNetwork: null },
  injectNetworkInfo: { injectNetworkInfo: null },
  addFixedIp: { addFixedIp: { networkId: publicNet.id } },
  removeFixedIp: { removeFixedIp: { address: "192.0.2.9" } },
  "os-getConsoleOutput": { "os-getConsoleOutput": { length: 5 } },
  forceDelete: { forceDelete: null },
  registerRedHat: { registerRedHat: activation },
  activateWindows: { activateWindows: activation },
  attachInterface: {
    interfaceAttachment: { net_id: publicNet.id, fixed_ips: [{ ip_address: "192.0.2.99" }] },
  },
  createVirtualInterface: { virtual_interface: { network_id: publicNet.id } },
  updateMetadata: { metadata: { a: "b" } },
  replaceMetadata: { metadata: { a: "b" } },
  setMetadataItem: { meta: { role: "back" } },
  createKeyPair: { keypair: { name: "k", public_key: publicKey } },
};

/** A body that the route takes; undefined where it takes none. */
export function sampleBody({ name }: Route): unknown {
  return bodies[name];
}

/** The path of a route below `/compute/v2.1`, with what is there in the place of its parameters. */
export function samplePath({ path }: Route, { instance, port, keyPair, requestId }: Named): string {
  const values: Readonly<Record<string, string>> = {
    id: path.includes("/flavors/") ? small.id : instance.id,
    portId: port.id,
    key: "role",
    network: "public",
    requestId,
    name: keyPair.name,
  };
  return path
    .replace("/v2.1", "")
    .replaceAll(/:(\w+)/g, (parameter, name: string) => values[name] ?? parameter);
}

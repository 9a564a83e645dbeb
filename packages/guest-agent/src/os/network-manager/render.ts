import { type Family, type Prefix, prefixText } from "../../network/address.ts";
import { gatewayDestination } from "../../network/ip-route.ts";
import { HOST_COMMENT } from "../../network/shell-file.ts";
import type { Vif, WantedInterface, WantedRoute } from "../../network/wanted-network.ts";
import { assign, comment, type IniEntry, type IniSection, parseIni, valueOf } from "../../ini-file.ts";
import { ethernetSections, ownUuid } from "./profile.ts";

const LABEL_COMMENT = "Label ";

/** Keys of an IP section that say what the host says, or where its routes go. */
const contradictingKey =
  /^(method|address(es)?\d*|gateway|dns|routes?\d*(_options)?|route-metric|route-table|never-default)$/;

/** What keeps a profile from coming up by itself: with permissions, it waits for a user to log in. */
const holdingKey = /^(autoconnect|autoconnect-priority|permissions)$/;

/** Ways of having no address that the host minds; with the others a link has one. */
const addresslessMethods = /^(auto|ignore|link-local|disabled)$/;

/** The agent's own profile of an interface, as far as the host's wishes are not in it. */
export function newProfile({ name, mac }: Vif): IniSection[] {
  const lines = [
    "# Written by nova-agent at every reset of the network",
    "[connection]",
    `id=nova-agent ${name}`,
    `uuid=${ownUuid(mac)}`,
    "type=ethernet",
    `interface-name=${name}`,
    "[ethernet]",
    `mac-address=${mac.toUpperCase()}`,
  ];
  return parseIni(lines.join("\n"));
}

/** What a profile is made to say. */
export interface ProfileWishes {
  readonly wanted: WantedInterface;
  /** Zero means what NetworkManager takes without one. */
  readonly priority: number;
  /** For a file that names none. */
  readonly uuid: string;
}

/**
 * The profile with the host's addresses, routes, name servers and MTU (nm-settings-keyfile(5)); its
 * name, UUID and all else that does not contradict them stay.
 */
export function mergeProfile(sections: readonly IniSection[], wishes: ProfileWishes): IniSection[] {
  const { wanted, priority, uuid } = wishes;
  const ethernet = sections.find(({ name }) => ethernetSections.includes(name))?.name ?? "ethernet";
  const oldUuid = valueOf(sections, { section: "connection", key: "uuid" }) ?? "";
  const isOwn = oldUuid === ownUuid(wanted.mac);
  // In the agent's own profile an MTU that the host has taken back is no user's.
  const isMtuHosts = wanted.mtuBytes !== undefined || isOwn || isMarked(sections, ethernet);
  const changes: readonly SectionChange[] = [
    {
      name: "connection",
      drops: (key) => holdingKey.test(key),
      adds: [
        ...(oldUuid === "" ? [assign("uuid", uuid)] : []),
        ...(priority === 0 ? [] : [assign("autoconnect-priority", priority)]),
      ],
    },
    {
      name: ethernet,
      drops: (key) => key === "mtu" && isMtuHosts,
      adds:
        wanted.mtuBytes === undefined ? [] : [...(isOwn ? [] : [hostMark]), assign("mtu", wanted.mtuBytes)],
    },
    ipChange(sections, { wanted, family: 4 }),
    ipChange(sections, { wanted, family: 6 }),
  ];
  return changes.reduce(changeSection, labelled(sections.map(withoutMark), wanted.label));
}

const hostMark: IniEntry = { key: "", value: "", lines: [HOST_COMMENT] };

function isMark({ lines }: IniEntry): boolean {
  return lines[0] === HOST_COMMENT;
}

/** Whether what stands in a user's profile is the host's. */
function isMarked(sections: readonly IniSection[], name: string): boolean {
  return sections.some((section) => section.name === name && section.entries.some(isMark));
}

/** Where it is still the host's, it is marked anew. */
function withoutMark({ name, entries }: IniSection): IniSection {
  return { name, entries: entries.filter((entry) => !isMark(entry)) };
}

/** The comment with the network's name stands above all sections. */
function labelled(sections: readonly IniSection[], label: string): IniSection[] {
  const [head, ...others] = sections;
  const isLabel = ({ lines }: IniEntry) => lines[0]?.startsWith(`# ${LABEL_COMMENT}`) ?? false;
  const kept = head?.name === "" ? head.entries.filter((entry) => !isLabel(entry)) : [];
  const entries = label === "" ? kept : [...withoutEndingBlanks(kept), comment(LABEL_COMMENT + label)];
  return [{ name: "", entries }, ...(head?.name === "" ? others : sections)];
}

interface SectionChange {
  readonly name: string;
  readonly drops: (key: string) => boolean;
  readonly adds: readonly IniEntry[];
}

/** Takes keys out of all sections of a name and puts others to the end of the first, which is made if need be. */
function changeSection(sections: IniSection[], { name, drops, adds }: SectionChange): IniSection[] {
  const first = sections.findIndex((section) => section.name === name);
  if (first < 0) return adds.length === 0 ? sections : [...sections, { name, entries: adds }];
  return sections.map((section, index) => {
    if (section.name !== name) return section;
    const kept = section.entries.filter(({ key }) => key === "" || !drops(key));
    return { name, entries: index === first ? [...withoutEndingBlanks(kept), ...adds] : kept };
  });
}

function withoutEndingBlanks(entries: readonly IniEntry[]): IniEntry[] {
  return entries.slice(0, entries.findLastIndex(({ lines }) => lines.join("").trim() !== "") + 1);
}

interface IpWishes {
  readonly wanted: WantedInterface;
  readonly family: Family;
}

function ipChange(sections: readonly IniSection[], { wanted, family }: IpWishes): SectionChange {
  const name = family === 4 ? "ipv4" : "ipv6";
  const addresses = wanted.addresses.filter(({ address }) => address.family === family);
  if (addresses.length > 0) {
    const adds = ipEntries(addresses, { wanted, family });
    return { name, drops: (key) => contradictingKey.test(key), adds };
  }
  // NetworkManager refuses name servers and search lists where IPv4 is off, so nothing else stays.
  if (family === 4) return { name, drops: () => true, adds: [assign("method", "disabled")] };
  // What a router announces is the guest's own business where the host wants no IPv6; but a link that
  // has nothing else would not count as up until a router has announced something.
  const fallback = wanted.addresses.length > 0 ? "auto" : "link-local";
  const old = valueOf(sections, { section: name, key: "method" }) ?? "";
  const isKept = addresslessMethods.test(old) && (old !== "auto" || fallback === "auto");
  const drops = (key: string) => !isKept || contradictingKey.test(key);
  const method = isKept ? old : fallback;
  // The other ways without an address refuse name servers.
  const dns = method === "auto" ? dnsEntries(wanted, family) : [];
  return { name, drops, adds: [assign("method", method), ...dns] };
}

function ipEntries(addresses: readonly Prefix[], { wanted, family }: IpWishes): IniEntry[] {
  const routes = wanted.routes.filter(({ gateway }) => gateway.family === family);
  const plain = routes.find((route) => isPlainDefault(route));
  return [
    assign("method", "manual"),
    ...addresses.map((address, index) => assign(`address${index + 1}`, prefixText(address))),
    ...(plain === undefined ? [] : [assign("gateway", plain.gateway.text)]),
    ...routes
      .filter((route) => route !== plain)
      .flatMap(routeRows)
      .flatMap(routeEntries),
    ...dnsEntries(wanted, family),
  ];
}

function dnsEntries({ dns }: WantedInterface, family: Family): IniEntry[] {
  const own = dns.filter((server) => server.family === family);
  return own.length === 0 ? [] : [assign("dns", own.map(({ text }) => `${text};`).join(""))];
}

/** A default route that needs no more than its gateway. */
function isPlainDefault({ destination, isOnLink, metric }: WantedRoute): boolean {
  return destination.prefixLength === 0 && !isOnLink && metric === undefined;
}

interface RouteRow {
  readonly words: readonly string[];
  readonly isOnLink: boolean;
}

function routeRows(route: WantedRoute): RouteRow[] {
  const { destination, gateway, isOnLink, metric } = route;
  const rank = metric === undefined ? [] : [String(metric)];
  const own = [prefixText(destination), gateway.text, ...rank];
  const toGateway = gatewayDestination(route);
  if (toGateway === undefined) return [{ words: own, isOnLink }];
  // Without a gateway of its own; the rank comes behind it.
  return [[toGateway, "::", ...rank], own].map((words) => ({ words, isOnLink: false }));
}

function routeEntries({ words, isOnLink }: RouteRow, index: number): IniEntry[] {
  const key = `route${index + 1}`;
  return [assign(key, words.join(",")), ...(isOnLink ? [assign(`${key}_options`, "onlink=true")] : [])];
}

import { readFile, writeFile } from "node:fs/promises";
import { connectUnix, nodeClock } from "@nova-agent/xenstore/node";
import { XenstoreClient } from "@nova-agent/xenstore";
import { AgentAnswers, type Answer, FakeGuest, makeDomain } from "../../../src/testing/index.ts";
import { HostError } from "../../../src/index.ts";
import type { ProgramCall } from "../../../src/adapters/xl/index.ts";
import { runProgram } from "../../../src/adapters/xl/index.ts";

/** What a guest's disk holds: files by path, as JSON in the disk's file. */
type DiskContent = Record<string, string>;

interface FakeDomain {
  readonly domid: number;
  readonly name: string;
  readonly uuid: string;
  /** The files of its disks, by device. */
  readonly disks: Record<string, string>;
  guest?: { close(): Promise<void> };
}

/** Where the fake's guests have the disk `xvdb`. */
export const FAKE_MOUNT = "/mnt/rescue";

/**
 * xl and a hypervisor for tests: makes domains in an embedded XenStore whose guests answer as an agent does
 * and keep the files they are given in the files of their disks. Only as much of xl's configuration is read
 * as the adapter writes.
 */
export class FakeXl {
  /** Every call of xl, without its first word. */
  readonly calls: string[][] = [];
  /** Called before each of them. */
  onCall: ((args: readonly string[]) => Promise<void>) | undefined;
  /** The next call that begins with this word fails. */
  failing: string | undefined;
  readonly #xenstore: XenstoreClient;
  readonly #domainSocketPath: (domid: number) => string;
  readonly #domains = new Map<number, FakeDomain>();
  #lastDomid = 0;

  constructor(xenstore: XenstoreClient, domainSocketPath: (domid: number) => string) {
    this.#xenstore = xenstore;
    this.#domainSocketPath = domainSocketPath;
  }

  readonly runProgram = async (call: ProgramCall): Promise<string> => {
    const [program, ...args] = call.argv;
    if (program !== "xl") return runProgram(call);
    this.calls.push(args);
    await this.onCall?.(args);
    const [command = "", ...rest] = args;
    if (command === this.failing) {
      this.failing = undefined;
      throw failed(`${command} was to fail`);
    }
    return this.#run(command, rest);
  };

  /** The file behind a device of the guest. */
  diskOf(domid: number, device: string): string | undefined {
    return this.#domain(domid).disks[device];
  }

  /** A file as the guest sees it. */
  async readGuestFile(domid: number, path: string): Promise<string | undefined> {
    const isRescued = path.startsWith(`${FAKE_MOUNT}/`);
    const file = this.#domain(domid).disks[isRescued ? "xvdb" : "xvda"] ?? "";
    return (await readDisk(file))[isRescued ? path.slice(FAKE_MOUNT.length) : path];
  }

  async close(): Promise<void> {
    for (const domid of this.#domains.keys()) await this.#end(domid);
  }

  async #run(command: string, args: readonly string[]): Promise<string> {
    const last = args.at(-1) ?? "";
    switch (command) {
      case "list":
        return this.#list();
      case "create":
        return this.#create(await readFile(last, "utf8"));
      case "domid":
        return `${[...this.#domains.values()].find(({ name }) => name === last)?.domid}\n`;
      case "unpause":
        return this.#unpause(Number(last));
      case "shutdown":
      case "destroy":
        return this.#end(Number(last));
      case "block-attach":
        this.#domain(Number(args[0])).disks[option(last, "vdev") ?? ""] = option(last, "target") ?? "";
        return "";
      case "block-detach":
        return this.#detachDisk(Number(args[0]), last);
      case "network-attach":
        return this.#attach(Number(args[0]), args.slice(1).join(","));
      case "network-detach":
        return this.#detach(Number(args[0]), last);
      default:
        throw failed(`command not implemented: ${command}`);
    }
  }

  #list(): string {
    const entries = [...this.#domains.values()].map(({ domid, name, uuid }) => ({
      domid,
      config: { c_info: { type: "pv", name, uuid } },
    }));
    return JSON.stringify(entries);
  }

  async #create(config: string): Promise<string> {
    const text = (key: string) => new RegExp(`^${key} = "(.*)"$`, "m").exec(config)?.[1] ?? "";
    const items = (key: string) =>
      [...(new RegExp(`^${key} = \\[(.*)\\]$`, "m").exec(config)?.[1] ?? "").matchAll(/"([^"]*)"/g)].map(
        (match) => match[1] ?? "",
      );
    this.#lastDomid += 1;
    const disks = Object.fromEntries(
      items("disk").map((item) => [option(item, "vdev") ?? "", option(item, "target") ?? ""]),
    );
    const domain: FakeDomain = { domid: this.#lastDomid, name: text("name"), uuid: text("uuid"), disks };
    await this.#xenstore.introduce({ domid: domain.domid, gfn: 1, port: 1 });
    await makeDomain(this.#xenstore, domain);
    this.#domains.set(domain.domid, domain);
    for (const [position, item] of items("vif").entries()) {
      await this.#attach(domain.domid, item, position);
    }
    return "";
  }

  async #unpause(domid: number): Promise<string> {
    const domain = this.#domain(domid);
    const connect = connectUnix(this.#domainSocketPath(domid));
    const xenstore = await XenstoreClient.open({ connect, clock: nodeClock, reconnect: false });
    const guest = await FakeGuest.start(xenstore, agentOn(domain.disks["xvda"] ?? ""));
    domain.guest = {
      async close() {
        await guest.close();
        await xenstore.close();
      },
    };
    return "";
  }

  async #end(domid: number): Promise<string> {
    const domain = this.#domain(domid);
    await domain.guest?.close();
    await this.#xenstore.release(domid);
    await this.#xenstore.remove(`/local/domain/${domid}`);
    this.#domains.delete(domid);
    return "";
  }

  async #attach(domid: number, vif: string, position = 0): Promise<string> {
    const index = option(vif, "devid") ?? String(position);
    await this.#xenstore.write(
      `/local/domain/${this.#domain(domid).domid}/device/vif/${index}/mac`,
      option(vif, "mac") ?? "",
    );
    return "";
  }

  async #detach(domid: number, index: string): Promise<string> {
    await this.#xenstore.remove(`/local/domain/${this.#domain(domid).domid}/device/vif/${index}`);
    return "";
  }

  #detachDisk(domid: number, device: string): string {
    const { disks } = this.#domain(domid);
    if (disks[device] === undefined) throw failed(`Error: Device ${device} not connected.`);
    delete disks[device];
    return "";
  }

  #domain(domid: number): FakeDomain {
    const domain = this.#domains.get(domid);
    if (domain === undefined) throw failed(`${domid} is an invalid domain identifier`);
    return domain;
  }
}

function agentOn(disk: string): Answer {
  const agent = new AgentAnswers();
  return async (request) => {
    const answer = await agent.answer(request);
    const file = agent.files.pop();
    if (file !== undefined) {
      const content = { ...(await readDisk(disk)), [file.path]: file.content.toString("utf8") };
      await writeFile(disk, JSON.stringify(content));
    }
    return answer;
  };
}

async function readDisk(path: string): Promise<DiskContent> {
  return JSON.parse(await readFile(path, "utf8")) as DiskContent;
}

function option(item: string, key: string): string | undefined {
  return item
    .split(",")
    .find((part) => part.startsWith(`${key}=`))
    ?.slice(key.length + 1);
}

function failed(words: string): HostError {
  return new HostError("TOOLSTACK_FAILED", words);
}

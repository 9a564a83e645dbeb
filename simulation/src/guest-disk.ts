import { createHash } from "node:crypto";
import { FakeFiles } from "@nova-agent/guest-agent/testing";
import type { Clock } from "@nova-agent/xenstore";
import { type GuestCard, SimulatedKernel } from "./simulated-kernel.ts";

/** A value that stood in the guest for a while. */
export interface KeptValue {
  readonly value: string | undefined;
  readonly sinceMs: number;
}

/** Files that the host sets. */
export const INJECTED_PATHS: readonly string[] = ["/etc/app/one.conf", "/etc/motd"];

const SHADOW = "/etc/shadow";
const CONSUMER = "/etc/pki/consumer/key.pem";

/** The disk of a guest, and what has stood in the places that the host sets. */
export class GuestDisk {
  readonly files = new FakeFiles();
  readonly kernel: SimulatedKernel;
  isFull = false;
  readonly #clock: Clock;
  readonly #histories = new Map<string, KeptValue[]>();

  constructor({ clock, cards }: { readonly clock: Clock; readonly cards: readonly GuestCard[] }) {
    this.#clock = clock;
    this.kernel = new SimulatedKernel({ files: this.files, cards });
    this.files.addFile("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
    this.files.addFile("/etc/motd", "old");
    this.files.addFile("/usr/sbin/subscription-manager", "#!/usr/bin/python3\n");
    this.setPassword("old");
  }

  /** What chpasswd(8) does. */
  setPassword(password: string): void {
    this.files.addFile(SHADOW, `root:${hashPassword(password)}:20000:0:99999:7:::\n`, { mode: 0o600 });
    this.look();
  }

  /** What subscription-manager(8) does. */
  register(key: string): void {
    this.files.addFile(CONSUMER, hashPassword(key));
    this.look();
  }

  /** Takes note of what changed. */
  look(): void {
    for (const path of [SHADOW, CONSUMER, ...INJECTED_PATHS]) {
      const history = this.#histories.get(path) ?? [];
      const value = path === SHADOW ? this.passwordHash() : this.files.text(path);
      const isFirst = history.length === 0;
      if (isFirst || history.at(-1)?.value !== value) history.push({ value, sinceMs: this.#clock.nowMs() });
      this.#histories.set(path, history);
    }
  }

  passwordHash(): string | undefined {
    return /^root:([^:]*):/m.exec(this.files.text(SHADOW) ?? "")?.[1];
  }

  /** All that stood there, the latest last. */
  historyOfPassword(): readonly KeptValue[] {
    return this.#histories.get(SHADOW) ?? [];
  }

  /** The same of keys that the guest was registered with. */
  historyOfRegistration(): readonly KeptValue[] {
    return this.#histories.get(CONSUMER) ?? [];
  }

  /** The same of a file. */
  historyOf(path: string): readonly KeptValue[] {
    return this.#histories.get(path) ?? [];
  }
}

/** Stands for crypt(3). */
export function hashPassword(password: string): string {
  return `$sim$${createHash("sha256").update(password).digest("hex").slice(0, 32)}`;
}

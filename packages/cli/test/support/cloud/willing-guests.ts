import {
  type GuestFinding,
  type GuestOperations,
  type GuestReply,
  HostError,
  type InstanceCall,
  type Secret,
} from "@nova-agent/host";
import { decodeUtf8 } from "@nova-agent/xenstore";

/** Guests that do what they are asked, unless a test has them refuse it. */
export class WillingGuests implements GuestOperations {
  /** The passwords that they were given. */
  readonly passwords: string[] = [];
  /** What is refused, and in which words. */
  readonly refusals = new Map<keyof GuestOperations, string>();

  #held: Promise<void> | undefined;

  /** Answers no version until the returned function is called. */
  holdVersion(): () => void {
    const releases: (() => void)[] = [];
    this.#held = new Promise((resolve) => {
      releases.push(resolve);
    });
    return () => releases.forEach((release) => release());
  }

  async version(): Promise<string> {
    this.#ask("version");
    await this.#held;
    return "3.0.0";
  }

  async password(_call: InstanceCall, password: Secret): Promise<void> {
    this.#ask("password");
    this.passwords.push(decodeUtf8(password.reveal()) ?? "");
    password.wipe();
  }

  async injectFile(): Promise<void> {
    this.#ask("injectFile");
  }

  async resetNetwork(): Promise<string> {
    this.#ask("resetNetwork");
    return "";
  }

  async features(): Promise<readonly string[]> {
    this.#ask("features");
    return ["version", "password"];
  }

  async doctor(): Promise<readonly GuestFinding[]> {
    this.#ask("doctor");
    return [];
  }

  async kmsactivate(): Promise<void> {
    this.#ask("kmsactivate");
  }

  async giveUp(): Promise<void> {
    // Nothing is ever left unfinished.
  }

  async send(): Promise<GuestReply> {
    this.#ask("send");
    return { returncode: "0", message: "", isIntegerCode: false };
  }

  #ask(operation: keyof GuestOperations): void {
    const words = this.refusals.get(operation);
    if (words !== undefined) throw new HostError("GUEST_REFUSED", words);
  }
}

import { decodeUtf8 } from "@nova-agent/xenstore";
import type {
  CancelSignal,
  FileToInject,
  GuestFinding,
  GuestOperations,
  GuestReply,
  GuestRequest,
  InstanceCall,
  JsonValue,
  Secret,
} from "../../src/index.ts";
import { HostError } from "../../src/index.ts";

type Answer = () => Promise<void>;

/** Guests that do what they are asked, unless a test says otherwise. */
export class FakeOperations implements GuestOperations {
  /** What was asked, in order, such as `password s3cret` and `injectFile /etc/motd`. */
  readonly asked: string[] = [];
  /** Instances whose unfinished operations were given up. */
  readonly givenUp: string[] = [];
  /** What happens before an operation is answered: a wait or a HostError. */
  readonly answers = new Map<keyof GuestOperations, Answer>();
  featureList: readonly string[] = ["version", "password", "features"];
  findings: readonly GuestFinding[] = [];
  agentVersion = "3.0.0";
  /** What guests say of their networks, one answer after the other; nothing when there are no more. */
  readonly networkWords: string[] = [];
  reply: GuestReply = { returncode: "0", message: "", isIntegerCode: false };

  async version(call: InstanceCall): Promise<string> {
    await this.#ask("version", call);
    return this.agentVersion;
  }

  async password(call: InstanceCall, password: Secret): Promise<void> {
    await this.#ask("password", call, decodeUtf8(password.reveal()));
    password.wipe();
  }

  async injectFile(call: InstanceCall, file: FileToInject): Promise<void> {
    await this.#ask("injectFile", call, `${file.path} ${decodeUtf8(file.content)}`);
  }

  async resetNetwork(call: InstanceCall): Promise<string> {
    await this.#ask("resetNetwork", call);
    return this.networkWords.shift() ?? "";
  }

  async features(call: InstanceCall): Promise<readonly string[]> {
    await this.#ask("features", call);
    return this.featureList;
  }

  async doctor(call: InstanceCall): Promise<readonly GuestFinding[]> {
    await this.#ask("doctor", call);
    return this.findings;
  }

  async kmsactivate(call: InstanceCall, value: JsonValue): Promise<void> {
    await this.#ask("kmsactivate", call, JSON.stringify(value));
  }

  async giveUp(instanceId: string): Promise<void> {
    this.givenUp.push(instanceId);
  }

  async send(call: InstanceCall, request: GuestRequest): Promise<GuestReply> {
    await this.#ask("send", call, JSON.stringify(request));
    return this.reply;
  }

  /** The operation ends with a refusal of the guest. */
  refuse(operation: keyof GuestOperations, words: string): void {
    this.answers.set(operation, () => Promise.reject(new HostError("GUEST_REFUSED", words)));
  }

  /** The operation is answered when the returned function is called. */
  hold(operation: keyof GuestOperations): () => void {
    const { promise, resolve } = openPromise();
    this.answers.set(operation, () => promise);
    return resolve;
  }

  async #ask(operation: keyof GuestOperations, { signal }: InstanceCall, details = ""): Promise<void> {
    this.asked.push(details === "" ? operation : `${operation} ${details}`);
    const answer = this.answers.get(operation)?.();
    await Promise.race([answer, ...(signal === undefined ? [] : [cancellation(signal)])]);
  }
}

function cancellation(signal: CancelSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    const giveUp = (): void => reject(new HostError("CANCELLED", "Given up"));
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp);
  });
}

function openPromise(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const resolvers: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => {
    resolvers.push(resolve);
  });
  return { promise, resolve: () => resolvers.forEach((resolve) => resolve()) };
}

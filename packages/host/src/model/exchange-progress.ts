/**
 * How far a request is: `sent` it lies in XenStore, `taken` the guest has removed it and works on it
 * (not every agent tells: some remove it together with answering), `away` the domain has ended and its
 * guest is awaited under another domid, `moved` it is there, `answered`.
 */
export type ExchangeStage = "sent" | "taken" | "away" | "moved" | "answered";

interface Step {
  /** Where the guest is; where it was last, while it is away. */
  readonly domid: number;
  readonly command: string;
  /** How long the caller waits at the most, from when it was first sent. */
  readonly timeoutMs: number;
}

/** One step of one request. A command that is `sent` again without an answer goes on. */
export type ExchangeProgress =
  | (Step & { readonly stage: Exclude<ExchangeStage, "moved"> })
  | (Step & { readonly stage: "moved"; readonly formerDomid: number });

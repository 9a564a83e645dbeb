import type { Reply } from "../protocol/reply.ts";

/** What turns the bytes of a request into what is done and answered. */
export interface RequestHandler {
  /** Carries a request out and says what to answer, whatever it holds. Never rejects. */
  handle(requestId: string, bytes: Uint8Array): Promise<Reply>;
  /** Forgets the key exchange. */
  close(): void;
}

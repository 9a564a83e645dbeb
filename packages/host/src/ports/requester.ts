/** What somebody may do in a project. */
export type Role = "reader" | "member" | "admin";

/** Who asks for something, and in which request. */
export interface Requester {
  readonly userId: string;
  readonly projectId: string;
  readonly roles: readonly Role[];
  /** `req-` and a UUID. */
  readonly requestId: string;
}

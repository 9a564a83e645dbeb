import { type ReadonlySignal, signal } from "@preact/signals";
import { PanelError } from "../errors.ts";
import type { ApiClient } from "../http/api-client.ts";
import { type Session, sessionAnswer } from "../model/session.ts";

/** Who is signed in; `asking` until the service has said so. */
export type SessionState =
  | { readonly kind: "asking" }
  /** With the reason, where there was a session before. */
  | { readonly kind: "none"; readonly reason: string | undefined }
  | { readonly kind: "open"; readonly session: Session }
  | { readonly kind: "failed"; readonly error: Error };

/** The session: the browser has its cookie, this has its CSRF token and who it is of. */
export class SessionStore {
  readonly #client: ApiClient;
  readonly #state = signal<SessionState>({ kind: "asking" });

  constructor(client: ApiClient) {
    this.#client = client;
  }

  get state(): ReadonlySignal<SessionState> {
    return this.#state;
  }

  /** Looks whether there is a session, as after a reload. */
  async resume(): Promise<void> {
    try {
      this.#begin((await this.#client.get("/session", sessionAnswer)).session);
    } catch (error) {
      if (error instanceof PanelError && error.code === "SIGNED_OUT") this.#end(undefined);
      else if (error instanceof Error) this.#state.value = { kind: "failed", error };
    }
  }

  /** Throws a PanelError when name or password are wrong. */
  async signIn(name: string, password: string): Promise<void> {
    const body = { name, password };
    this.#begin((await this.#client.ask("POST", "/session", { body, answer: sessionAnswer })).session);
  }

  async chooseProject(id: string): Promise<void> {
    const answer = sessionAnswer;
    this.#begin((await this.#client.ask("PUT", "/session/project", { body: { id }, answer })).session);
  }

  async signOut(): Promise<void> {
    await this.#client.send("DELETE", "/session");
    this.#end(undefined);
  }

  /** Looks whether it goes on; what cannot be found out changes nothing. */
  async check(): Promise<void> {
    // A session that is over is told to `expire` by the client.
    await this.#client.get("/session", sessionAnswer).catch(() => undefined);
  }

  /** An answer said that there is none any more. */
  expire(): void {
    if (this.#state.value.kind === "open") this.#end("The session is over. Sign in again to go on here");
  }

  #begin(session: Session): void {
    this.#client.setCsrfToken(session.csrf_token);
    this.#state.value = { kind: "open", session };
  }

  #end(reason: string | undefined): void {
    this.#client.setCsrfToken(undefined);
    this.#state.value = { kind: "none", reason };
  }
}

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

const OVER = "Your session is over. Sign in to go on where you were; what was typed and not sent is gone.";

/** The session: the browser has its cookie, this has its CSRF token and who it is of. */
export class SessionStore {
  readonly #client: Pick<ApiClient, "get" | "ask" | "send" | "setCsrfToken">;
  readonly #state = signal<SessionState>({ kind: "asking" });
  readonly #change = signal<string | undefined>(undefined);
  /** While it is looked whether the session goes on. */
  #checking: Promise<void> | undefined;
  /** While it moves to another project: the token of the one before is refused, which is no end. */
  #moving: Promise<unknown> | undefined;

  constructor(client: Pick<ApiClient, "get" | "ask" | "send" | "setCsrfToken">) {
    this.#client = client;
  }

  get state(): ReadonlySignal<SessionState> {
    return this.#state;
  }

  /** What another tab has changed: tabs share their cookie. */
  get change(): ReadonlySignal<string | undefined> {
    return this.#change;
  }

  /** Looks whether there is a session, as after a reload. */
  async resume(): Promise<void> {
    try {
      this.#begin((await this.#client.get("/session", sessionAnswer)).session);
    } catch (error) {
      if (isOver(error)) this.#end(undefined);
      else if (error instanceof Error) this.#state.value = { kind: "failed", error };
    }
  }

  /** Throws a PanelError when name or password are wrong. */
  async signIn(name: string, password: string): Promise<void> {
    const body = { name, password };
    this.#begin((await this.#client.ask("POST", "/session", { body, answer: sessionAnswer })).session);
  }

  async chooseProject(id: string): Promise<void> {
    const moving = this.#client.ask("PUT", "/session/project", { body: { id }, answer: sessionAnswer });
    this.#moving = moving;
    try {
      this.#begin((await moving).session);
    } finally {
      this.#moving = undefined;
    }
  }

  /** Throws a PanelError when the service could not be told, so that the session goes on. */
  async signOut(): Promise<void> {
    try {
      await this.#client.send("DELETE", "/session");
    } catch (error) {
      if (!isOver(error)) throw error;
    }
    this.#end(undefined);
  }

  /**
   * Looks whether it goes on, and whose it is: another tab may have signed out, or in as somebody else. What
   * cannot be found out changes nothing.
   */
  check(): Promise<void> {
    this.#checking ??= this.#look().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  /** An answer said that there is none any more; the service has the last word. */
  expire(): void {
    void this.check();
  }

  /** What another tab has changed was read. */
  forgetChange(): void {
    this.#change.value = undefined;
  }

  async #look(): Promise<void> {
    const before = this.#state.peek();
    if (before.kind === "asking" || before.kind === "failed") return;
    try {
      await this.#moving?.catch(() => undefined);
      const { session } = await this.#client.get("/session", sessionAnswer);
      if (this.#state.peek() !== before) return;
      const words = before.kind === "open" ? describeChange(before.session, session) : undefined;
      this.#begin(session);
      this.#change.value = words ?? this.#change.peek();
    } catch (error) {
      if (isOver(error) && before.kind === "open" && this.#state.peek() === before) this.#end(OVER);
    }
  }

  #begin(session: Session): void {
    this.#client.setCsrfToken(session.csrf_token);
    const state = this.#state.peek();
    const isSame = state.kind === "open" && JSON.stringify(state.session) === JSON.stringify(session);
    if (!isSame) this.#state.value = { kind: "open", session };
  }

  #end(reason: string | undefined): void {
    this.#client.setCsrfToken(undefined);
    this.#change.value = undefined;
    this.#state.value = { kind: "none", reason };
  }
}

function isOver(error: unknown): boolean {
  return error instanceof PanelError && error.code === "SIGNED_OUT";
}

/** What users notice of it. */
function describeChange(before: Session, now: Session): string | undefined {
  if (before.user.id !== now.user.id) {
    return `In another tab somebody has signed in as ${now.user.name}. This tab now shows what ${now.user.name} sees.`;
  }
  if (before.project?.id === now.project?.id) return undefined;
  return `Another tab has gone on to project ${now.project?.name ?? "none"}, and this one has followed.`;
}

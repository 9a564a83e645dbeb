import type * as z from "zod/mini";

/** A request that was made, with the version of the Compute API that it asked for. */
export interface MadeRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly version?: string | undefined;
}

/** Answers by path, as the panel's client would, and notes what it was asked. */
export class ScriptedClient {
  readonly made: MadeRequest[] = [];
  readonly #answers: Readonly<Record<string, unknown>>;

  constructor(answers: Readonly<Record<string, unknown>> = {}) {
    this.#answers = answers;
  }

  async get<S extends z.ZodMiniType>(path: string, answer: S): Promise<z.output<S>> {
    this.made.push({ method: "GET", path });
    return answer.parse(this.#answers[path]);
  }

  async ask<S extends z.ZodMiniType>(
    method: string,
    path: string,
    {
      body,
      answer,
      version,
    }: { readonly body?: unknown; readonly answer: S; readonly version?: string | undefined },
  ): Promise<z.output<S>> {
    this.made.push({ method, path, body, version });
    return answer.parse(this.#answers[path]);
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    { version }: { readonly version?: string | undefined } = {},
  ): Promise<void> {
    this.made.push({ method, path, body, version });
  }
}

import type { LogFields } from "@nova-agent/host";
import { type Api, type AppOptions, createApp } from "../../src/app.ts";
import type { Route, Service } from "../../src/route.ts";
import { fakeTokens, scopeOf } from "./fake-identity.ts";

/** A line that was logged. */
export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** An application with these routes below `/compute`, and the tokens member, reader, admin and unscoped. */
export function testApp(
  routes: readonly Route[],
  { service, ...options }: Partial<AppOptions> & { readonly service?: Partial<Service> } = {},
): { readonly app: Api; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const app = createApp({
    services: [
      { name: "compute", prefix: "/compute", faults: "compute", hasMicroversions: true, routes, ...service },
    ],
    identity: fakeTokens({
      member: scopeOf(),
      reader: scopeOf({ roles: ["reader"] }),
      admin: scopeOf({ roles: ["admin"] }),
      unscoped: scopeOf({ project: undefined, roles: [] }),
    }),
    now: () => new Date("2026-01-01T00:00:00Z"),
    newId: () => "7c1b6ec4-0a58-4c85-9a5c-1bb5a4e0b6f1",
    log: recordingLog(lines),
    ...options,
  });
  return { app, lines };
}

/** A log that keeps its lines in `lines`. */
export function recordingLog(lines: LogLine[]): AppOptions["log"] {
  const keep = (level: LogLine["level"]) => (message: string, fields?: LogFields) =>
    void lines.push({ level, message, fields });
  return { info: keep("info"), warn: keep("warn"), error: keep("error") };
}

/** The options of a request with this token, and with this body as JSON. */
export function as(token: string, body?: unknown): RequestInit {
  const headers = { "X-Auth-Token": token, "Content-Type": "application/json" };
  return body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
}

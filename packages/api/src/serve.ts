import { setMaxListeners } from "node:events";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { ApiBindings } from "./app.ts";
import { CLOSE_TIMEOUT_MS, EVENT_STREAMS_MAX } from "./limits.ts";

export interface ServeOptions {
  readonly api: { fetch(request: Request, bindings: ApiBindings): Response | Promise<Response> };
  /** An address, not a name; `127.0.0.1` without it. */
  readonly host?: string | undefined;
  /** 0 for any that is free. */
  readonly port: number;
  /** PEM; without it HTTP is spoken. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
  /** Whether users with well-known or generated demo passwords may log in: then nobody else may reach it. */
  readonly hasDemoCredentials: boolean;
}

/** A server that listens. */
export interface ApiServer {
  /** Such as `http://127.0.0.1:8774`. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, waits a while for those under way, then ends them. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Serves an API. Throws RangeError when it would listen beyond loopback with demo credentials, and what
 * `listen` throws.
 */
export async function serve(options: ServeOptions): Promise<ApiServer> {
  const { host = "127.0.0.1", port, tls, hasDemoCredentials } = options;
  if (hasDemoCredentials && !isLoopback(host)) {
    throw new RangeError(`Cannot listen at "${host}" with demo credentials, only at a loopback address`);
  }
  const closing = new AbortController();
  // Each stream of events listens to it.
  setMaxListeners(EVENT_STREAMS_MAX, closing.signal);
  const listener = getRequestListener((request, { incoming: { socket } }) =>
    options.api.fetch(request, {
      remoteAddress: socket.remoteAddress,
      closing: closing.signal,
      hangUp: () => void socket.destroy(),
    }),
  );
  const onRequest = (...[request, response]: Parameters<typeof listener>): void =>
    void listener(request, response);
  const server: Server =
    tls === undefined
      ? createHttpServer(onRequest)
      : createHttpsServer({ cert: tls.certificate, key: tls.key, minVersion: "TLSv1.2" }, onRequest);
  const actualPort = await listen(server, { host, port });
  const name = host.includes(":") ? `[${host}]` : host;
  let closed: Promise<void> | undefined;
  return {
    url: `${tls === undefined ? "http" : "https"}://${name}:${actualPort}`,
    port: actualPort,
    close: () => {
      closing.abort();
      return (closed ??= close(server));
    },
  };
}

/** Whether only this machine reaches the address (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3). */
export function isLoopback(host: string): boolean {
  return host === "::1" || host === "localhost" || /^127(\.\d{1,3}){3}$/u.test(host);
}

function listen(server: Server, where: { readonly host: string; readonly port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      // A server that listens at an address and a port has both.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

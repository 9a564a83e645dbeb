import { ApiError } from "../../errors.ts";
import { recordChange } from "../../record-change.ts";
import { route, type Route } from "../../route.ts";
import type { ComputeOptions } from "../compute-options.ts";
import { findServer, loadServers } from "./load-servers.ts";
import { viewDiagnostics } from "./view-diagnostics.ts";
import { viewAddresses } from "./view-server.ts";

/** Single facts of a server. */
export function detailRoutes(options: ComputeOptions): readonly Route[] {
  return [
    listAddresses(options),
    showAddresses(options),
    showDiagnostics(options),
    showPassword(options),
    clearPassword(options),
  ];
}

function listAddresses(options: ComputeOptions): Route {
  return route({
    name: "listAddresses",
    method: "GET",
    path: "/v2.1/servers/:id/ips",
    summary: "List the addresses of a server by network",
    role: "reader",
    handle: async ({ requester, params }) => {
      const [parts] = await loadServers(options, [await findServer(options, requester, params.id)]);
      return { body: { addresses: parts === undefined ? {} : viewAddresses(parts) } };
    },
  });
}

function showAddresses(options: ComputeOptions): Route {
  return route({
    name: "showAddresses",
    method: "GET",
    path: "/v2.1/servers/:id/ips/:network",
    summary: "List the addresses of a server in one network",
    role: "reader",
    handle: async ({ requester, params: { id, network } }) => {
      const [parts] = await loadServers(options, [await findServer(options, requester, id)]);
      const addresses = parts === undefined ? {} : viewAddresses(parts);
      const found = Object.hasOwn(addresses, network) ? addresses[network] : undefined;
      if (found === undefined) throw new ApiError("NOT_FOUND", "Instance does not belong to this network");
      return { body: { [network]: found } };
    },
  });
}

function showDiagnostics(options: ComputeOptions): Route {
  return route({
    name: "showDiagnostics",
    method: "GET",
    path: "/v2.1/servers/:id/diagnostics",
    summary: "Show what is known of a server's domain and agent",
    role: "reader",
    handle: async ({ requester, params, microversion }) => {
      const [parts] = await loadServers(options, [await findServer(options, requester, params.id)]);
      return { body: parts === undefined ? {} : viewDiagnostics(parts, microversion) };
    },
  });
}

function showPassword(options: ComputeOptions): Route {
  return route({
    name: "showServerPassword",
    method: "GET",
    path: "/v2.1/servers/:id/os-server-password",
    summary: "Show the password, encrypted for the owner's key; empty when there is none",
    role: "reader",
    handle: async ({ requester, params }) => {
      const { encryptedPassword } = await findServer(options, requester, params.id);
      return { body: { password: encryptedPassword ?? "" } };
    },
  });
}

function clearPassword(options: ComputeOptions): Route {
  return route({
    name: "clearServerPassword",
    method: "DELETE",
    path: "/v2.1/servers/:id/os-server-password",
    summary: "Forget the encrypted password; the guest keeps its own",
    role: "member",
    success: 204,
    handle: async ({ requester, params }) => {
      const { id } = await findServer(options, requester, params.id);
      await options.database.instances.update(id, { encryptedPassword: null });
      await recordChange(options, requester, { what: "clearServerPassword", target: id });
      return {};
    },
  });
}

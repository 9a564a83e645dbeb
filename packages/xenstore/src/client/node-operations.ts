import { XenstoreError } from "../errors.ts";
import type { Permission } from "../wire/permissions.ts";
import { parsePermissions } from "../wire/replies.ts";
import { decodeUtf8, encodeUtf8 } from "../wire/text.ts";
import type { Ask } from "./ask.ts";
import { listChildren } from "./listing.ts";

/**
 * What can be done with a node, inside a transaction or not. Paths are absolute, or relative to the
 * caller's own `/local/domain/<domid>`. Every method rejects with a XenstoreError.
 */
export interface NodeOperations {
  /** The value's bytes. ENOENT when there is no such node. */
  read(path: string): Promise<Uint8Array>;
  /** The value as UTF-8 text; EPROTO when it is not. */
  readText(path: string): Promise<string>;
  /** Sets the value (text as UTF-8), creating the node and its missing parents. */
  write(path: string, value: string | Uint8Array): Promise<void>;
  /** Creates an empty node and its missing parents; one that exists keeps its value. */
  makeDirectory(path: string): Promise<void>;
  /** Removes the node and all below it. A missing node is no error, a missing parent is ENOENT. */
  remove(path: string): Promise<void>;
  /** The names of the children, however many, in the server's order. */
  list(path: string): Promise<string[]>;
  exists(path: string): Promise<boolean>;
  /** The permission list; its first entry names the owner. */
  getPermissions(path: string): Promise<Permission[]>;
  setPermissions(path: string, permissions: readonly Permission[]): Promise<void>;
}

/** The operations on nodes, carried out by `ask`. */
export function createNodeOperations(ask: Ask): NodeOperations {
  return {
    read: (path) => ask({ type: "read", path }),
    async readText(path) {
      const text = decodeUtf8(await ask({ type: "read", path }));
      if (text === undefined) throw new XenstoreError("EPROTO", `Value of "${path}" is not UTF-8`);
      return text;
    },
    async write(path, value) {
      const bytes = typeof value === "string" ? encodeUtf8(value) : value;
      await ask({ type: "write", path, value: bytes });
    },
    async makeDirectory(path) {
      await ask({ type: "makeDirectory", path });
    },
    async remove(path) {
      await ask({ type: "remove", path });
    },
    list: (path) => listChildren(ask, path),
    async exists(path) {
      try {
        await ask({ type: "read", path });
        return true;
      } catch (error) {
        if (error instanceof XenstoreError && error.code === "ENOENT") return false;
        throw error;
      }
    },
    async getPermissions(path) {
      const permissions = parsePermissions(await ask({ type: "getPermissions", path }));
      if (permissions !== undefined) return permissions;
      throw new XenstoreError("EPROTO", `Permissions of "${path}" are malformed`);
    },
    async setPermissions(path, permissions) {
      await ask({ type: "setPermissions", path, permissions });
    },
  };
}

import { createHash } from "node:crypto";
import { extname } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { chooseCoding, type Coding } from "./accept-encoding.ts";
import { PanelError } from "./errors.ts";
import { headersFor } from "./headers.ts";
import { BROTLI_QUALITY, ETAG_CHARACTERS, GZIP_LEVEL } from "./limits.ts";

/** The kinds of files that the panel has, by their ending. */
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A file in memory, in every form that it is sent in. */
export interface ServedFile {
  readonly type: string;
  readonly forms: ReadonlyMap<Coding, Form>;
}

/** A file as it goes over the wire. */
interface Form {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** A strong validator (RFC 9110, 8.8.3): it differs between the forms. */
  readonly etag: string;
}

/** What is answered with a file. */
export interface FileAnswer {
  readonly kind: "page" | "asset";
  readonly status: 200 | 404;
}

/** Compresses a file once for all who ask. Throws NOT_BUILT for a kind of file that the panel does not have. */
export async function prepareFile(name: string, content: Uint8Array): Promise<ServedFile> {
  const type = TYPES[extname(name)];
  if (type === undefined) throw new PanelError("NOT_BUILT", `"${name}" is no file of the panel`);
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
    promisify(gzip)(content, { level: GZIP_LEVEL }),
  ]);
  const digest = createHash("sha256").update(content).digest("base64url").slice(0, ETAG_CHARACTERS);
  const forms = new Map<Coding, Form>();
  for (const [coding, bytes] of [
    ["identity", content],
    ["gzip", gz],
    ["br", br],
  ] as const) {
    if (coding !== "identity" && bytes.length >= content.length) continue;
    forms.set(coding, { bytes: new Uint8Array(bytes), etag: `"${digest}-${coding}"` });
  }
  return { type, forms };
}

/** The answer with a file to a GET or HEAD. */
export function answerFile(request: Request, file: ServedFile, { kind, status }: FileAnswer): Response {
  const headers = headersFor({ url: request.url, kind });
  const coding = chooseCoding(request.headers.get("Accept-Encoding"), new Set(file.forms.keys()));
  const form = file.forms.get(coding);
  if (form === undefined) throw new TypeError(`There is no ${coding} form of the file`);
  if (kind === "asset") {
    headers.set("ETag", form.etag);
    if (isNoneNew(request.headers.get("If-None-Match"), form.etag))
      return new Response(null, { status: 304, headers });
  }
  headers.set("Content-Type", file.type);
  headers.set("Content-Length", String(form.bytes.length));
  if (coding !== "identity") headers.set("Content-Encoding", coding);
  return new Response(request.method === "HEAD" ? null : form.bytes, { status, headers });
}

/** Whether the client has this form already (RFC 9110, 13.1.2: the comparison is the weak one). */
function isNoneNew(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(",").some((item) => {
    const known = item.trim();
    return known === "*" || known.replace(/^W\//, "") === etag;
  });
}

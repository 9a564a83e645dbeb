import { type ScryptOptions, randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** What scrypt costs: N is 2 to the power of `ln` (RFC 7914). */
interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** 16 MiB and as much work as OWASP's "Password Storage Cheat Sheet" asks for. */
const COST: Cost = { ln: 14, r: 8, p: 5 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Parameters, salt and hash in base64 without padding: the PHC string format. */
const STORED =
  /^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,2}),p=(?<p>\d{1,2})\$(?<salt>[^$]+)\$(?<hash>[^$]+)$/;

/** The text to keep in place of a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return render(salt, await derive(password, salt, COST));
}

/** Whether it is the password of that text. Takes as long when there is none, and is false then. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const text = stored ?? render(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  const { ln, r, p, salt, hash } = STORED.exec(text)?.groups ?? {};
  if (salt === undefined || hash === undefined)
    throw new Error("A stored password is not in the form of scrypt");
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const wanted = Buffer.from(hash, "base64");
  const derived = await derive(password, Buffer.from(salt, "base64"), cost);
  return wanted.length === derived.length && timingSafeEqual(wanted, derived) && stored !== undefined;
}

function render(salt: Buffer, hash: Buffer): string {
  const { ln, r, p } = COST;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

function derive(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln;
  // Twice what it needs (RFC 7914, section 5): Node counts a little more.
  const options: ScryptOptions = { N, r, p, maxmem: 2 * 128 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}

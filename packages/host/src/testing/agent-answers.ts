import { createDecipheriv, createHash } from "node:crypto";
import type { Answer, FakeAnswer } from "./fake-guest.ts";

/** What an agent in the field does with the commands of the protocol, kept as a record of what it was told. */
export class AgentAnswers {
  readonly passwords: string[] = [];
  readonly files: { readonly path: string; readonly content: Buffer }[] = [];
  readonly #features: string;
  #shared: string | undefined;

  constructor(features = "version,features,keyinit,password,resetnetwork,file_inject") {
    this.#features = features;
  }

  readonly answer: Answer = ({ name, value }) => {
    const text = typeof value === "string" ? value : "";
    switch (name) {
      case "version":
        return { code: "0", message: "2.1.25" };
      case "features":
        return { code: "0", message: this.#features };
      case "keyinit":
        return this.#keyinit(text);
      case "password":
        return this.#password(text);
      case "file_inject":
        return this.#fileInject(value as { readonly b64_path: string; readonly b64_file: string });
      case "injectfile":
        return this.#injectfile(text);
      case "resetnetwork":
        return { code: "0", message: "" };
      default:
        return { code: "404", message: `No such agent command '${name}'` };
    }
  };

  #keyinit(hostNumber: string): FakeAnswer {
    const privateKey = 88962710306127702866241727433142015n;
    this.#shared = String(power(BigInt(hostNumber), privateKey));
    return { code: "D0", message: String(power(5n, privateKey)) };
  }

  #password(ciphertext: string): FakeAnswer {
    if (this.#shared === undefined) return { code: "500", message: "Password without key exchange" };
    this.passwords.push(decrypt(this.#shared, ciphertext));
    this.#shared = undefined;
    return { code: "0", message: "" };
  }

  #fileInject(value: { readonly b64_path: string; readonly b64_file: string }): FakeAnswer {
    const path = Buffer.from(value.b64_path, "base64").toString("utf8");
    this.files.push({ path, content: Buffer.from(value.b64_file, "base64") });
    return { code: "0", message: "" };
  }

  #injectfile(value: string): FakeAnswer {
    const bytes = Buffer.from(value, "base64");
    const comma = bytes.indexOf(",");
    this.files.push({
      path: bytes.subarray(0, comma).toString("utf8"),
      content: bytes.subarray(comma + 1),
    });
    return { code: "0", message: "" };
  }
}

/** The plain text that `openssl enc -d -aes-128-cbc -md md5 -nosalt -base64 -pass pass:SHARED` would give. */
export function decrypt(shared: string, ciphertext: string): string {
  const key = createHash("md5").update(shared).digest();
  const iv = createHash("md5").update(key).update(shared).digest();
  const decipher = createDecipheriv("aes-128-cbc", key, iv);
  return Buffer.concat([decipher.update(ciphertext, "base64"), decipher.final()]).toString("utf8");
}

/** Square and multiply from the most significant bit, unlike the code under test. */
export function power(base: bigint, exponent: bigint): bigint {
  const prime = 162259276829213363391578010288127n;
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % prime;
    if (bit === "1") result = (result * base) % prime;
  }
  return result;
}

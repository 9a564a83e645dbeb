import { isIP } from "node:net";
import type { ValueKind } from "./sections.ts";

/** An address and a port to listen at. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** TCP has two bytes for it (RFC 9293, 3.1). */
const PORT_MAX = 65_535;
const NUMBER_MAX = 1_000_000_000;

export const absolutePath: ValueKind<string> = {
  takes: "an absolute path",
  parse: (text) => (text.startsWith("/") ? text : undefined),
};

export const someText: ValueKind<string> = {
  takes: "some text",
  parse: (text) => (text === "" ? undefined : text),
};

export const yesOrNo: ValueKind<boolean> = {
  takes: "yes or no",
  parse: (text) => (text === "yes" || text === "no" ? text === "yes" : undefined),
};

export const listenAddress: ValueKind<ListenAddress> = {
  takes: "an address and a port, such as 127.0.0.1:8774 or [::1]:8774",
  parse: (text) => {
    const { bracketed, plain, port } =
      /^(?:\[(?<bracketed>[^\]]+)\]|(?<plain>[^:]+)):(?<port>\d{1,5})$/.exec(text)?.groups ?? {};
    const host = bracketed ?? plain ?? "";
    const isAddress = isIP(host) === (bracketed === undefined ? 4 : 6);
    return isAddress && Number(port) <= PORT_MAX ? { host, port: Number(port) } : undefined;
  },
};

export const httpUrl: ValueKind<string> = {
  takes: "the beginning of a URL, such as https://cloud.example.org",
  parse: (text) => (/^https?:\/\/[^\s/?#]+\/?$/.test(text) && URL.canParse(text) ? text : undefined),
};

/** Addresses, separated by commas. */
export const addresses: ValueKind<readonly string[]> = {
  takes: "IP addresses, separated by commas",
  parse: (text) => {
    const list = text.split(",").map((part) => part.trim());
    return list.every((address) => isIP(address) !== 0) ? list : undefined;
  },
};

/** A whole number within limits. */
export function wholeNumber(min: number, max = NUMBER_MAX): ValueKind<number> {
  return {
    takes: `a whole number from ${min} to ${max}`,
    parse: (text) => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** One word of a few. */
export function oneOf<const Word extends string>(...words: readonly Word[]): ValueKind<Word> {
  return { takes: `one of ${words.join(", ")}`, parse: (text) => words.find((word) => word === text) };
}

/** An address of this version. */
export function address(version: 4 | 6): ValueKind<string> {
  return {
    takes: `an address of IPv${version}`,
    parse: (text) => (isIP(text) === version ? text : undefined),
  };
}

/** A network such as 192.0.2.0/24. */
export function network(version: 4 | 6): ValueKind<string> {
  return {
    takes: `a network of IPv${version} with the length of its prefix`,
    parse: (text) => {
      const [base = "", length = "", more] = text.split("/");
      const isLength = /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128);
      return isIP(base) === version && isLength && more === undefined ? text : undefined;
    },
  };
}

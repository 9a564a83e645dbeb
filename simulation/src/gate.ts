/** Lets a call pass, or not: it does `act` whenever it likes, and returns what that did or never. */
export type Gate = <Result>(name: string, act: () => Promise<Result>) => Promise<Result>;

/** A port of which every call goes through a gate. */
export function gated<Port extends object>(port: Port, gate: Gate): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) =>
        gate(String(name), async () => Reflect.apply(member, target, args) as unknown);
    },
  });
}

import type { IdentityRepository, TokenScope } from "@nova-agent/host";

/** Tokens by their text. */
export function fakeTokens(
  tokens: Readonly<Record<string, TokenScope>>,
): Pick<IdentityRepository, "findToken"> {
  return { findToken: async (token) => (Object.hasOwn(tokens, token) ? tokens[token] : undefined) };
}

/** A token of alice with these roles in the project "demo"; without a project when that is null. */
export function scopeOf(changes: Partial<TokenScope> = {}): TokenScope {
  return {
    user: { id: "u1", name: "alice", isEnabled: true, defaultProjectId: undefined },
    project: { id: "p1", name: "demo", isEnabled: true },
    roles: ["member"],
    methods: ["password"],
    issuedAt: new Date("2026-01-01T00:00:00Z"),
    expiresAt: new Date("2026-01-01T01:00:00Z"),
    ...changes,
  };
}

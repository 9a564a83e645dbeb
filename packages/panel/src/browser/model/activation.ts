import { ACTIVATION_DOMAINS_MAX, ACTIVATION_TEXT_MAX_CHARACTERS } from "../limits.ts";

/** What is typed to register or activate a guest. */
export interface ActivationDraft {
  readonly activationKey: string;
  readonly profile: string;
  readonly org: string;
  /** Host names of servers, with commas or spaces between. */
  readonly servers: string;
}

/** As the service takes it. */
export interface ActivationRequest {
  readonly activation_key: string;
  readonly profile: string;
  readonly domains: readonly string[];
  readonly org?: string;
}

/** Why a field cannot be as it is. */
export type ActivationProblems = Partial<Record<keyof ActivationDraft, string>>;

export function activationProblems(draft: ActivationDraft): ActivationProblems {
  const servers = serversIn(draft.servers);
  const wrong = servers.find((server) => !isServer(server));
  return {
    ...problemOf("activationKey", keyProblem(draft.activationKey)),
    ...problemOf("profile", textProblem(draft.profile)),
    ...problemOf("org", textProblem(draft.org)),
    ...problemOf(
      "servers",
      wrong !== undefined
        ? `"${wrong}" is no host name, with or without :port`
        : servers.length > ACTIVATION_DOMAINS_MAX
          ? `No more than ${ACTIVATION_DOMAINS_MAX} servers`
          : undefined,
    ),
  };
}

export function activationRequest(draft: ActivationDraft): ActivationRequest {
  const org = draft.org.trim();
  return {
    activation_key: draft.activationKey,
    profile: draft.profile.trim(),
    domains: serversIn(draft.servers),
    ...(org === "" ? {} : { org }),
  };
}

function isServer(server: string): boolean {
  return /^[A-Za-z0-9.-]+(?::\d{1,5})?$/u.test(server);
}

function problemOf(field: keyof ActivationDraft, problem: string | undefined): ActivationProblems {
  return problem === undefined ? {} : { [field]: problem };
}

// The agent hides the key wherever it writes something, which it can do with such a key alone.
function keyProblem(key: string): string | undefined {
  if (key === "") return "Type the key";
  if (!/^[ -~]+$/u.test(key) || /["'\\]/u.test(key)) return "No accents, quotes or backslashes";
  return tooLong(key);
}

function textProblem(text: string): string | undefined {
  if (text.startsWith("-")) return "It cannot begin with -";
  return /\p{C}/u.test(text) ? "No control characters" : tooLong(text);
}

function tooLong({ length }: string): string | undefined {
  return length > ACTIVATION_TEXT_MAX_CHARACTERS
    ? `No more than ${ACTIVATION_TEXT_MAX_CHARACTERS} characters`
    : undefined;
}

function serversIn(text: string): readonly string[] {
  return text.split(/[\s,]+/u).filter((server) => server !== "");
}

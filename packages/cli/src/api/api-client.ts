import type { CancelSignal } from "@nova-agent/host";
import { CliError } from "../errors.ts";
import { API_TIMEOUT_MS } from "../limits.ts";
import type { ApiAccess, HttpAnswer, HttpRequest } from "../program-host.ts";
import type { Credentials } from "./credentials.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "./fields.ts";

/** The services that guestctl asks, by their type in the catalog. */
export type ServiceType = "compute" | "image" | "network" | "guest-operations";

/** What is asked of a service. */
export interface ApiRequest {
  readonly method?: HttpRequest["method"];
  /** Below the service's address; what is put into it is encoded. */
  readonly path: string;
  readonly body?: Fields;
}

export interface ApiReply {
  /** Empty for an answer without a body. */
  readonly body: Fields;
  readonly requestId: string;
}

/** How requests are sent. */
interface Sending {
  readonly access: ApiAccess;
  readonly signal: CancelSignal;
  readonly timeoutMs: number | undefined;
}

/** 2.84 shows the details of a step (nova api-ref, os-instance-actions). */
const COMPUTE_VERSION = "compute 2.84";

/** The API, with a token for a project. */
export class ApiClient {
  readonly #sending: Sending;
  readonly #token: string;
  readonly #addresses: ReadonlyMap<string, string>;

  private constructor(sending: Sending, token: string, addresses: ReadonlyMap<string, string>) {
    this.#sending = sending;
    this.#token = token;
    this.#addresses = addresses;
  }

  /** Asks for a token. Throws API_UNREACHABLE, and API_REFUSED when there is none to be had. */
  static async open(credentials: Credentials, sending: Sending): Promise<ApiClient> {
    const url = `${credentials.authUrl}/auth/tokens`;
    const body = JSON.stringify(viewAuth(credentials));
    const request = { method: "POST", url, headers: jsonHeaders, body } as const;
    const answer = await send(sending, request, refusalOf(credentials));
    const token = answer.header("x-subject-token");
    if (token === undefined) throw new CliError("API_REFUSED", `${url} gave no token`);
    return new ApiClient(sending, token, readCatalog(parseBody(answer)));
  }

  /**
   * Asks a service. Throws API_UNREACHABLE, API_NOT_FOUND and API_REFUSED with the words of the fault, and
   * INTERRUPTED at a signal.
   */
  async ask(service: ServiceType, { method = "GET", path, body }: ApiRequest): Promise<ApiReply> {
    const address = this.#addresses.get(service);
    if (address === undefined) throw new CliError("API_REFUSED", `The API offers no ${service}`);
    const headers = {
      ...jsonHeaders,
      "X-Auth-Token": this.#token,
      ...(service === "compute" ? { "OpenStack-API-Version": COMPUTE_VERSION } : {}),
    };
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await send(this.#sending, { method, url: `${address}${path}`, headers, body: text });
    return { body: parseBody(answer), requestId: answer.header("x-openstack-request-id") ?? "" };
  }
}

const jsonHeaders = { Accept: "application/json", "Content-Type": "application/json" } as const;

/** keystone api-ref, "Password authentication with scoped authorization". */
function viewAuth({ username, password, userDomain, projectName, projectDomain }: Credentials): Fields {
  const user = { name: username, domain: { name: userDomain }, password };
  const project = { name: projectName, domain: { name: projectDomain } };
  return { auth: { identity: { methods: ["password"], password: { user } }, scope: { project } } };
}

/** The API says to nobody which part of it is wrong, and neither what to look at. */
function refusalOf({ username, projectName }: Credentials): Refusal {
  return (words) =>
    `${words} It refuses user "${username}" for project "${projectName}": look at OS_USERNAME, ` +
    "OS_PASSWORD and OS_PROJECT_NAME";
}

function readCatalog(body: Fields): ReadonlyMap<string, string> {
  const services = listOf(fieldsOf(body, "token"), "catalog");
  return new Map(
    services.flatMap((service) => {
      const endpoint = listOf(service, "endpoints").find((each) => each["interface"] === "public");
      if (endpoint === undefined) return [];
      return [[textOf(service, "type"), textOf(endpoint, "url").replace(/\/+$/u, "")] as const];
    }),
  );
}

/** What is said of a token that is refused, with the API's words. */
type Refusal = (words: string) => string;

async function send(
  { access, signal, timeoutMs = API_TIMEOUT_MS }: Sending,
  request: Omit<HttpRequest, "signal" | "timeoutMs">,
  onUnauthorized: Refusal = (words) => words,
): Promise<HttpAnswer> {
  let answer: HttpAnswer;
  try {
    answer = await access.send({ ...request, signal, timeoutMs });
  } catch (error) {
    if (signal.aborted) throw interruptedRequest(error);
    throw new CliError("API_UNREACHABLE", `No answer from ${request.url}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  if (answer.status >= 200 && answer.status < 300) return answer;
  const words = faultOf(answer.text) ?? `${request.url} answered with status ${answer.status}`;
  if (answer.status === 401) throw new CliError("API_REFUSED", onUnauthorized(words));
  throw new CliError(answer.status === 404 ? "API_NOT_FOUND" : "API_REFUSED", words);
}

/** Whoever is interrupted does not wait any more; what was asked for goes on. */
export function interruptedRequest(cause?: unknown): CliError {
  return new CliError("INTERRUPTED", "Interrupted; what the API was asked for goes on", { cause });
}

/** Whose certificate is nobody's that Node knows (OpenSSL, X509_V_ERR_…; Node's names of them). */
const untrustedCodes: ReadonlySet<unknown> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's client says why only there.
  const { cause } = error;
  const reason = cause instanceof Error && cause.message !== "" ? cause : error;
  if (!untrustedCodes.has("code" in reason ? reason.code : undefined)) return reason.message;
  return `${reason.message}. NODE_EXTRA_CA_CERTS names the file with its authority's certificate`;
}

/** The words of a fault: the `message` below the one key of the body, whichever service's it is. */
function faultOf(text: string): string | undefined {
  const body = parseJson(text);
  const fault = isFields(body) ? Object.values(body)[0] : undefined;
  return isFields(fault) && typeof fault["message"] === "string" ? fault["message"] : undefined;
}

function parseBody({ text }: HttpAnswer): Fields {
  if (text === "") return {};
  const body = parseJson(text);
  if (isFields(body)) return body;
  throw new CliError("API_REFUSED", "The API answered with something that is no JSON object");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import type { Cli } from "../cli.ts";
import type { Option } from "../command-line/command.ts";
import type { Given } from "../command-line/given.ts";
import { CliError } from "../errors.ts";
import { readTextPassword } from "../password-source.ts";
import type { ApiAccess } from "../program-host.ts";

/** Who asks the API, and where it is. */
export interface Credentials {
  /** With the version, such as `http://127.0.0.1:8774/identity/v3`. */
  readonly authUrl: string;
  readonly username: string;
  readonly password: string;
  readonly userDomain: string;
  readonly projectName: string;
  readonly projectDomain: string;
}

/** Of every command that asks the API. */
export const credentialOptions: readonly Option[] = [
  {
    name: "os-password-file",
    value: "file",
    description: "read the API's password from the first line of a file, in place of OS_PASSWORD",
  },
];

/**
 * What the variables say that the openstack command has (python-openstackclient, "Environment Variables").
 * Throws USAGE for one that is missing.
 */
export async function readCredentials(
  access: ApiAccess,
  { given, cli }: { readonly given: Given; readonly cli: Cli },
): Promise<Credentials> {
  const required = (name: string): string => {
    const value = access.environment(name);
    if (value !== undefined && value !== "") return value;
    throw new CliError(
      "USAGE",
      `${name} is not set. Source the openrc file that you use for the openstack command`,
    );
  };
  const domain = (name: string): string => access.environment(name) ?? "Default";
  const authUrl = required("OS_AUTH_URL").replace(/\/+$/u, "");
  const username = required("OS_USERNAME");
  const projectName = required("OS_PROJECT_NAME");
  const file = given.text("os-password-file");
  const password =
    file === undefined
      ? required("OS_PASSWORD")
      : (await readTextPassword({ isGenerated: false, file }, cli)).text;
  return {
    authUrl: authUrl.endsWith("/v3") ? authUrl : `${authUrl}/v3`,
    username,
    password,
    userDomain: domain("OS_USER_DOMAIN_NAME"),
    projectName,
    projectDomain: domain("OS_PROJECT_DOMAIN_NAME"),
  };
}

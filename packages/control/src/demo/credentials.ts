import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { quoteWord } from "./instructions.ts";

/** How somebody comes into the API. */
export interface Credentials {
  /** Of the identity service, such as `http://127.0.0.1:35357/identity/v3`. */
  readonly authUrl: string;
  readonly userName: string;
  readonly password: string;
  readonly projectName: string;
}

/** The only region, and the only domain of users and projects. */
export const REGION = "RegionOne";
const DOMAIN = "Default";

/** The settings as a shell takes them by `.` (python-openstackclient, "Environment Variables"). */
export function renderOpenrc({ authUrl, userName, password, projectName }: Credentials): string {
  const settings = {
    OS_AUTH_TYPE: "password",
    OS_AUTH_URL: authUrl,
    OS_IDENTITY_API_VERSION: "3",
    OS_USERNAME: userName,
    OS_USER_DOMAIN_NAME: DOMAIN,
    OS_PASSWORD: password,
    OS_PROJECT_NAME: projectName,
    OS_PROJECT_DOMAIN_NAME: DOMAIN,
    OS_REGION_NAME: REGION,
  };
  const lines = Object.entries(settings).map(([name, value]) => `export ${name}=${quoteWord(value)}\n`);
  return lines.join("");
}

/** The settings of several users as `clouds.yaml` has them (openstacksdk, "Configuration"), by cloud. */
export function renderClouds(clouds: Readonly<Record<string, Credentials>>): string {
  const entries = Object.entries(clouds).map(([name, { authUrl, userName, password, projectName }]) => [
    name,
    {
      auth_type: "password",
      auth: {
        auth_url: authUrl,
        username: userName,
        user_domain_name: DOMAIN,
        password,
        project_name: projectName,
        project_domain_name: DOMAIN,
      },
      region_name: REGION,
      identity_api_version: 3,
    },
  ]);
  // JSON is YAML, too (YAML 1.2, "Relation to JSON").
  return `${JSON.stringify({ clouds: Object.fromEntries(entries) }, null, 2)}\n`;
}

/** What somebody types into the panel: a line a user, with the name, blanks and the password. */
export function renderPasswords(users: readonly Pick<Credentials, "userName" | "password">[]): string {
  const columns = Math.max(...users.map(({ userName }) => userName.length)) + 2;
  return users.map(({ userName, password }) => `${userName.padEnd(columns)}${password}\n`).join("");
}

/** Where credentials were written. */
export interface CredentialPaths {
  readonly openrcPath: string;
  readonly passwordsPath: string;
}

/**
 * Writes all three into the run directory, for this user alone: `openrc` for the first of the clouds,
 * `clouds.yaml` and `passwords` for all.
 */
export async function writeCredentials(
  directory: string,
  clouds: Readonly<Record<string, Credentials>>,
): Promise<CredentialPaths> {
  const [first] = Object.values(clouds);
  if (first === undefined) throw new TypeError("There are no credentials");
  const openrcPath = join(directory, "openrc");
  const passwordsPath = join(directory, "passwords");
  // What a killed instance left was cleared away: nobody holds these open.
  const options = { mode: 0o600, flag: "wx" } as const;
  await writeFile(openrcPath, renderOpenrc(first), options);
  await writeFile(join(directory, "clouds.yaml"), renderClouds(clouds), options);
  await writeFile(passwordsPath, renderPasswords(Object.values(clouds)), options);
  return { openrcPath, passwordsPath };
}

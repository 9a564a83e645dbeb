import { Secret, setPassword } from "@nova-agent/host";
import { nodeCrypto } from "@nova-agent/host/node";
import type { Guest } from "./guest.ts";
import type { World } from "./world.ts";

/** Sets root's password as the host does: key exchange, then the password. */
export async function changePassword({ connector, guest }: World, password: string): Promise<void> {
  await setPassword(connector, {
    domid: guest.domid,
    password: new Secret(Buffer.from(password)),
    crypto: nodeCrypto,
  });
}

/** Whether PAM lets root in with the password: it reads /etc/shadow and computes the hash (unix_chkpwd(8)). */
export async function verifiesPassword(guest: Guest, password: string): Promise<boolean> {
  const base64 = Buffer.from(`${password}\0`).toString("base64");
  const script = `echo ${base64} | base64 -d | unix_chkpwd root nonull`;
  return (await guest.shell.attempt(script)).status === 0;
}

import { guestCommandTests } from "./process/guest-commands.ts";
import { passwordTests } from "./process/password.ts";
import { usageTests } from "./process/usage.ts";
import { xenstoreCommandTests } from "./process/xenstore-commands.ts";
import { nodeTest } from "./support/guestctl.ts";

for (const define of [usageTests, guestCommandTests, passwordTests, xenstoreCommandTests]) define(nodeTest);

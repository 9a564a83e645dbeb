import { apiRefusalTests } from "./process/api-refusal.ts";
import { guestCommandTests } from "./process/guest-commands.ts";
import { passwordTests } from "./process/password.ts";
import { terminalTests } from "./process/terminal.ts";
import { usageTests } from "./process/usage.ts";
import { xenstoreCommandTests } from "./process/xenstore-commands.ts";
import { nodeSystemTest, staticTests } from "./support/guestctl.ts";

const staticTest = staticTests();

terminalTests(nodeSystemTest);
for (const define of [usageTests, guestCommandTests, passwordTests, xenstoreCommandTests, terminalTests])
  define(staticTest);
apiRefusalTests(staticTest);

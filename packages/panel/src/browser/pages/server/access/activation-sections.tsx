import { Link } from "../../../components/link.tsx";
import { Section } from "../../../components/section.tsx";
import type { ActivationAction } from "../../../http/server-calls.ts";
import type { Activity } from "../../../model/activity.ts";
import { type Server, whyNot } from "../../../model/server.ts";
import type { Resource } from "../../../state/use-resource.ts";
import { ActivationForm } from "./activation-form.tsx";

export interface ActivationSectionsProps {
  readonly server: Server;
  readonly activity: Resource<readonly Activity[]>;
}

const titles: Readonly<Record<ActivationAction, string>> = {
  registerRedHat: "Red Hat registration",
  activateWindows: "Windows activation",
};

/** Which guests offer it, by the request "kmsactivate". */
const offers: Readonly<Record<ActivationAction, string>> = {
  registerRedHat:
    "Guests of Red Hat's family offer it (as kmsactivate) when subscription-manager or rhnreg_ks is installed.",
  activateWindows: "Guests of Windows offer it (as kmsactivate) when their agent knows how.",
};

/** Registration and activation where the guest offers them, else why it does not. */
export function ActivationSections({ server, activity }: ActivationSectionsProps) {
  return (
    <>
      {(["registerRedHat", "activateWindows"] as const).map((action) => {
        const reason = whyNot(server, action);
        return (
          <Section key={action} title={titles[action]}>
            {reason === null ? (
              <ActivationForm server={server} action={action} activity={activity} />
            ) : (
              <>
                <p>Not possible now: {lowerFirst(reason)}.</p>
                <p class="faint">
                  {offers[action]}{" "}
                  <Link to={{ page: "server", id: server.id, tab: "agent" }}>See what this agent offers</Link>
                </p>
              </>
            )}
          </Section>
        );
      })}
    </>
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Link } from "../../components/link.tsx";
import { Loaded } from "../../components/loading.tsx";
import { Notice } from "../../components/notice.tsx";
import { Page } from "../../components/page.tsx";
import { readInventory } from "../../http/build-calls.ts";
import { type BuildDraft, newDraft, withoutGone } from "../../model/build-draft.ts";
import type { Inventory } from "../../model/inventory.ts";
import { mayChange } from "../../model/session.ts";
import { usePanel, useSession } from "../../state/panel.ts";
import { useResource } from "../../state/use-resource.ts";
import { useSecret } from "../../state/use-secret.ts";
import { BuildForm } from "./build-form.tsx";
import { BuiltServer } from "./built-server.tsx";

/** Where a server is asked for, and its build is followed. */
export function BuildPage() {
  const session = useSession();
  return <Page title="Build a server">{mayChange(session) ? <Building /> : <NotAllowed />}</Page>;
}

function NotAllowed() {
  return (
    <Notice tone="info" title="You can look at servers, and not build any">
      <p>An administrator can give you the role "member" in this project.</p>
      <p>
        <Link to={{ page: "servers" }}>Go to the servers</Link>
      </p>
    </Notice>
  );
}

function Building() {
  const { buildDraft } = usePanel();
  const draft = useSignal(buildDraft.peek());
  /** The id of the server that is being built. */
  const built = useSignal<string | undefined>(undefined);
  const isAgain = useSignal(false);
  const password = useSecret();
  useEffect(() => {
    // It is the beginning of this form, and of no other.
    buildDraft.value = undefined;
  }, []);
  if (built.value !== undefined) {
    return (
      <BuiltServer
        id={built.value}
        password={password}
        onAgain={(next) => {
          password.value = "";
          draft.value = next ?? draft.value;
          isAgain.value = true;
          built.value = undefined;
        }}
      />
    );
  }
  return (
    <FormWithInventory
      draft={draft}
      isAgain={isAgain.value}
      onCreated={(id, made) => {
        password.value = made;
        built.value = id;
      }}
    />
  );
}

interface FormWithInventoryProps {
  readonly draft: Signal<BuildDraft | undefined>;
  /** Whether it comes back after a build. */
  readonly isAgain: boolean;
  readonly onCreated: (id: string, password: string) => void;
}

function FormWithInventory({ draft, isAgain, onCreated }: FormWithInventoryProps) {
  const { client } = usePanel();
  const inventory = useResource({
    key: "inventory",
    load: (signal) => readInventory(client, signal),
    concerns: () => false,
  });
  return (
    <Loaded what="images, sizes and networks" resource={inventory}>
      {(all) => (
        <BuildForm
          inventory={all}
          draft={beginningOf(draft.value, all)}
          isAgain={isAgain}
          onChange={(next) => {
            draft.value = next;
          }}
          onCreated={onCreated}
        />
      )}
    </Loaded>
  );
}

function beginningOf(draft: BuildDraft | undefined, inventory: Inventory): BuildDraft {
  return draft === undefined ? newDraft(inventory) : withoutGone(draft, inventory);
}

import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Badge } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { Link } from "../../components/link.tsx";
import { Loaded } from "../../components/loading.tsx";
import { Notice } from "../../components/notice.tsx";
import { ShownOnce } from "../../components/shown-once.tsx";
import { type BuildDraft, draftOf } from "../../model/build-draft.ts";
import type { Server } from "../../model/server.ts";
import { statusOf } from "../../model/words.ts";
import { useServer } from "../../state/use-server.ts";
import { BuildProgress } from "../server/build-progress.tsx";

export interface BuiltServerProps {
  readonly id: string;
  /** Of `useSecret`. */
  readonly password: Signal<string>;
  /** Back to the form: as it was, or with a draft. */
  readonly onAgain: (draft?: BuildDraft) => void;
}

/** A server that was asked for: its password, once, and how far it is. */
export function BuiltServer({ id, password, onAgain }: BuiltServerProps) {
  const server = useServer(id);
  return (
    <>
      <ShownOnce secret={password} title="The administrator's password" what="password">
        <p>It holds as soon as the build is done. On Linux the account is root.</p>
      </ShownOnce>
      <Loaded what="server" resource={server}>
        {(value) => <Built server={value} onAgain={onAgain} />}
      </Loaded>
    </>
  );
}

function Built({ server, onAgain }: Pick<BuiltServerProps, "onAgain"> & { readonly server: Server }) {
  useEffect(() => {
    const former = document.title;
    document.title = `${server.name}: build · Cloud Control Panel`;
    return () => {
      document.title = former;
    };
  }, [server.name]);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The button that asked for it is gone; with a password the focus is there.
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  const isReady = server.status === "ACTIVE";
  return (
    <>
      <h2 class="focused" ref={heading} tabIndex={-1}>
        {server.name}
      </h2>
      <div class="server-state" role="status">
        <Badge {...statusOf(server)} />
        {server.status === "BUILD" && <span class="faint">{server.progress} %</span>}
      </div>
      {isReady && (
        <Notice tone="good" title={`${server.name} is ready`}>
          <p>
            {server.addresses.length === 0
              ? "It has no address."
              : `It has the ${server.addresses.length === 1 ? "address" : "addresses"} ${server.addresses.join(", ")}.`}
          </p>
        </Notice>
      )}
      <BuildProgress server={server} onDeleted={() => onAgain()} />
      <div class="actions">
        <Link
          to={{ page: "server", id: server.id, tab: "overview" }}
          class={isReady ? "button button-primary" : "button"}
        >
          Go to {server.name}
        </Link>
        {isReady && (
          <Button onClick={() => onAgain({ ...draftOf(server), name: "" })}>Build another one</Button>
        )}
      </div>
    </>
  );
}

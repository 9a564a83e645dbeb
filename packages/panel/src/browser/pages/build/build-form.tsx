import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../components/button.tsx";
import { SelectField, TextField } from "../../components/field.tsx";
import { Fold } from "../../components/fold.tsx";
import { NewPasswordFields, useNewPassword } from "../../components/new-password.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { Section } from "../../components/section.tsx";
import { createServer } from "../../http/build-calls.ts";
import { type BuildDraft, checkDraft, type DraftFaults, isFaultless } from "../../model/build-draft.ts";
import { hostNameOf } from "../../model/host-name.ts";
import { type Flavor, hasAgent, type Image, type Inventory } from "../../model/inventory.ts";
import { usePanel } from "../../state/panel.ts";
import { useTask } from "../../state/use-task.ts";
import { FileFields } from "./file-fields.tsx";
import { MetadataFields } from "./metadata-fields.tsx";
import { NetworkFields } from "./network-fields.tsx";

export interface BuildFormProps {
  readonly inventory: Inventory;
  readonly draft: BuildDraft;
  /** Whether it comes back after a build: then what had the focus is gone. */
  readonly isAgain: boolean;
  readonly onChange: (draft: BuildDraft) => void;
  /** Without a password where the server gets none. */
  readonly onCreated: (id: string, password: string) => void;
}

/** Asks what the server is to be, and has it built. */
export function BuildForm({ inventory, draft, isAgain, onChange, onCreated }: BuildFormProps) {
  const { client } = usePanel();
  const password = useNewPassword();
  /** How often it was tried: what is wrong is said from the first time on. */
  const attempts = useSignal(0);
  const form = useRef<HTMLFormElement>(null);
  const image = inventory.images.find(({ id }) => id === draft.imageId);
  const isWithAgent = image === undefined || hasAgent(image);
  const found = checkDraft(draft, inventory);
  const faults = attempts.value === 0 ? undefined : found;
  const task = useTask(async () => {
    const created = await createServer(client, draft, password.take());
    password.forget();
    onCreated(created.id, created.password ?? "");
  });
  const submit = (): void => {
    attempts.value += 1;
    password.isTried.value = true;
    const isPasswordFine = !isWithAgent || password.problem() === undefined;
    if (isFaultless(found) && isPasswordFine) void task.run();
  };
  useEffect(() => {
    const wanted = isAgain && attempts.value === 0 ? "input" : '[aria-invalid="true"]';
    form.current?.querySelector<HTMLElement>(wanted)?.focus();
  }, [attempts.value]);
  const change = (part: Partial<BuildDraft>): void => onChange({ ...draft, ...part });
  return (
    <form
      class="build-form"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <KindFields inventory={inventory} draft={draft} faults={faults} onChange={change} />
      <NetworkFields
        networks={inventory.networks}
        chosen={draft.networks}
        faults={faults}
        onChange={(networks) => change({ networks })}
      />
      <Section title="Who gets in">
        <KeyField keyNames={inventory.keyNames} draft={draft} onChange={change} />
        {isWithAgent && <NewPasswordFields password={password} known={[draft.name]} />}
      </Section>
      <MoreFields draft={draft} faults={faults} attempts={attempts.value} onChange={change} />
      {attempts.value > 0 && !isFaultless(found) && (
        <Notice tone="bad">Nothing was built: see what stands at the fields in red.</Notice>
      )}
      {task.error.value !== undefined && (
        <Failure error={task.error.value} title="The server was not built" />
      )}
      <div class="actions">
        <Button type="submit" kind="primary" isBusy={task.isRunning.value}>
          Build the server
        </Button>
      </div>
    </form>
  );
}

interface PartProps {
  readonly draft: BuildDraft;
  readonly onChange: (part: Partial<BuildDraft>) => void;
}

interface KindFieldsProps extends PartProps {
  readonly inventory: Inventory;
  readonly faults: DraftFaults | undefined;
}

/** Its name, and what it is made of. */
function KindFields({ inventory, draft, faults, onChange }: KindFieldsProps) {
  const image = inventory.images.find(({ id }) => id === draft.imageId);
  return (
    <Section title="What it is">
      <NameField
        name={draft.name}
        image={image}
        fault={faults?.name}
        onInput={(name) => onChange({ name })}
      />
      <SelectField
        label="Image"
        hint="What its disk begins with."
        value={draft.imageId}
        error={faults?.image}
        options={inventory.images.map((each) => ({ value: each.id, text: describeImage(each) }))}
        onChange={(imageId) => onChange({ imageId })}
      />
      {image !== undefined && !hasAgent(image) && <WithoutAgent />}
      <SelectField
        label="Size"
        value={draft.flavorId}
        error={faults?.flavor}
        options={inventory.flavors.map((each) => ({ value: each.id, text: describeFlavor(each) }))}
        onChange={(flavorId) => onChange({ flavorId })}
      />
    </Section>
  );
}

interface KeyFieldProps extends PartProps {
  readonly keyNames: readonly string[];
}

function KeyField({ keyNames, draft, onChange }: KeyFieldProps) {
  return (
    <SelectField
      label="SSH key"
      hint="Whoever has the key can log in as root. Keys are kept on the Access tab of any server."
      value={draft.keyName}
      options={[{ value: "", text: "None" }, ...keyNames.map((name) => ({ value: name, text: name }))]}
      onChange={(keyName) => onChange({ keyName })}
    />
  );
}

interface NameFieldProps {
  readonly name: string;
  readonly image: Image | undefined;
  readonly fault: string | undefined;
  readonly onInput: (name: string) => void;
}

function NameField({ name, image, fault, onInput }: NameFieldProps) {
  const hostName = hostNameOf(name, image?.os_type === "windows");
  const rule = "Letters a to z, digits, dots and hyphens make its host name; a space becomes a hyphen.";
  return (
    <TextField
      label="Name"
      hint={
        <>
          {rule}{" "}
          {name !== "" &&
            (hostName === undefined
              ? "Nothing of this name can stand in a host name: the guest is called by the server's id."
              : `The guest will be called ${hostName}.`)}
        </>
      }
      value={name}
      isRequired
      error={fault}
      onInput={onInput}
    />
  );
}

function WithoutAgent() {
  return (
    <Notice tone="warn" title="This image has no agent">
      <p>
        Nobody in it sets a password, writes the key and the files or sets up its networks: it must do all of
        that by itself. It has to be reached by what its image says.
      </p>
    </Notice>
  );
}

interface MoreFieldsProps extends PartProps {
  readonly faults: DraftFaults | undefined;
  readonly attempts: number;
}

/** What few servers need. */
function MoreFields({ draft, faults, attempts, onChange }: MoreFieldsProps) {
  const { metadata, files } = draft;
  const count = metadata.length + files.length;
  const isFaulty = [...(faults?.metadata ?? []), ...(faults?.files ?? [])]
    .flatMap((each) => Object.values(each))
    .some((fault) => fault !== undefined);
  return (
    // Anew, and open, where something in it has to be mended.
    <Fold
      key={isFaulty ? attempts : 0}
      isOpenAtFirst={isFaulty || count > 0}
      summary={count === 0 ? "More: metadata and files" : `More: metadata and files (${count})`}
    >
      {() => (
        <>
          <MetadataFields
            items={metadata}
            faults={faults?.metadata}
            onChange={(next) => onChange({ metadata: next })}
          />
          <FileFields files={files} faults={faults?.files} onChange={(next) => onChange({ files: next })} />
        </>
      )}
    </Fold>
  );
}

function describeImage(image: Image): string {
  return hasAgent(image) ? image.name : `${image.name} (no agent)`;
}

function describeFlavor({ name, vcpus, ram, disk }: Flavor): string {
  return `${name}: ${vcpus} ${vcpus === 1 ? "CPU" : "CPUs"}, ${ram} MiB memory, ${disk} GiB disk`;
}

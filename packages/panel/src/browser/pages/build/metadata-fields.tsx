import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Section } from "../../components/section.tsx";
import type { DraftItem } from "../../model/build-draft.ts";
import { METADATA_ITEMS_MAX, type MetadataFaults } from "../../model/metadata.ts";

export interface MetadataFieldsProps {
  readonly items: readonly DraftItem[];
  readonly faults: readonly MetadataFaults[] | undefined;
  readonly onChange: (items: readonly DraftItem[]) => void;
}

/** Texts by key that the guest can read. */
export function MetadataFields({ items, faults, onChange }: MetadataFieldsProps) {
  const isFull = items.length >= METADATA_ITEMS_MAX;
  return (
    <Section title="Metadata">
      <p class="faint">Texts by key that programs in the guest can read.</p>
      <div class="repeated">
        {items.map((item, index) => (
          // Items have no identity but their place while they are typed.
          <div class="repeated-item" key={index}>
            <TextField
              label={`Key ${index + 1}`}
              value={item.key}
              error={faults?.[index]?.key}
              onInput={(key) => onChange(items.with(index, { ...item, key }))}
            />
            <TextField
              label={`Value ${index + 1}`}
              value={item.value}
              error={faults?.[index]?.value}
              onInput={(value) => onChange(items.with(index, { ...item, value }))}
            />
            <Button onClick={() => onChange(items.toSpliced(index, 1))}>
              Remove<span class="visually-hidden"> item {index + 1}</span>
            </Button>
          </div>
        ))}
      </div>
      <div class="actions">
        <Button
          whyNot={isFull ? `At most ${METADATA_ITEMS_MAX} items are possible` : null}
          onClick={() => onChange([...items, { key: "", value: "" }])}
        >
          Add an item
        </Button>
      </div>
    </Section>
  );
}

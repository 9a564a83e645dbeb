import { Button } from "../../components/button.tsx";
import { Field, TextField } from "../../components/field.tsx";
import { Section } from "../../components/section.tsx";
import { type DraftFile, type FileFaults, FILES_MAX } from "../../model/build-draft.ts";

export interface FileFieldsProps {
  readonly files: readonly DraftFile[];
  readonly faults: readonly FileFaults[] | undefined;
  readonly onChange: (files: readonly DraftFile[]) => void;
}

/** Small files that the agent writes into the guest before it is handed over. */
export function FileFields({ files, faults, onChange }: FileFieldsProps) {
  return (
    <Section title="Files">
      <p class="faint">
        At most {FILES_MAX} texts that the agent writes into the guest. The service does not keep them.
      </p>
      <div class="repeated">
        {files.map((file, index) => (
          // Files have no identity but their place while they are typed.
          <div class="repeated-item repeated-item-file" key={index}>
            <TextField
              label={`Path of file ${index + 1}`}
              value={file.path}
              error={faults?.[index]?.path}
              placeholder="/etc/motd"
              onInput={(path) => onChange(files.with(index, { ...file, path }))}
            />
            <Field label={`Content of file ${index + 1}`} error={faults?.[index]?.content}>
              {(control) => (
                <textarea
                  {...control}
                  rows={4}
                  spellcheck={false}
                  value={file.content}
                  onInput={({ currentTarget: { value: content } }) =>
                    onChange(files.with(index, { ...file, content }))
                  }
                />
              )}
            </Field>
            <Button onClick={() => onChange(files.toSpliced(index, 1))}>
              Remove<span class="visually-hidden"> file {index + 1}</span>
            </Button>
          </div>
        ))}
      </div>
      <div class="actions">
        <Button
          whyNot={files.length >= FILES_MAX ? `At most ${FILES_MAX} files are possible` : null}
          onClick={() => onChange([...files, { path: "", content: "" }])}
        >
          Add a file
        </Button>
      </div>
    </Section>
  );
}

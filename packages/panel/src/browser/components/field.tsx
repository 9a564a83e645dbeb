import type { ComponentChildren, TargetedInputEvent } from "preact";
import { useId } from "preact/hooks";

/** How a control is tied to its label, its hint and its error. */
export interface ControlProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean;
}

export interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** What is wrong with what stands in it. */
  readonly error?: string | undefined;
  readonly children: (control: ControlProps) => ComponentChildren;
}

/** A label, a control and what there is to say of it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = [hint === undefined ? "" : hintId, error === undefined ? "" : errorId].join(" ").trim();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": error !== undefined,
      })}
      {hint !== undefined && (
        <p class="field-hint" id={hintId}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="field-error" id={errorId} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export interface TextFieldProps extends Omit<FieldProps, "children"> {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "search";
  readonly autoComplete?: string;
  readonly isRequired?: boolean;
  readonly maxLength?: number;
  readonly placeholder?: string;
}

/** A field for a line of text. */
export function TextField(props: TextFieldProps) {
  const { value, onInput, type = "text", autoComplete = "off", isRequired = false, ...rest } = props;
  const { maxLength, placeholder, ...field } = rest;
  const shared = {
    value,
    autoComplete,
    required: isRequired,
    maxLength,
    placeholder,
    spellcheck: false,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onInput(event.currentTarget.value),
  };
  return (
    <Field {...field}>
      {(control) =>
        type === "search" ? (
          <input {...shared} {...control} type="search" />
        ) : (
          <input {...shared} {...control} type="text" />
        )
      }
    </Field>
  );
}

export interface SelectFieldProps extends Omit<FieldProps, "children"> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

/** A field with one of several values. */
export function SelectField({ value, onChange, options, ...field }: SelectFieldProps) {
  return (
    <Field {...field}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

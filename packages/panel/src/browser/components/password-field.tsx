import { useSignal } from "@preact/signals";
import type { TargetedInputEvent } from "preact";
import { Field, type FieldProps } from "./field.tsx";

export interface PasswordFieldProps extends Omit<FieldProps, "children"> {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly autoComplete: "current-password" | "new-password";
  readonly isRequired?: boolean;
}

/** A field for a password, which can be shown. */
export function PasswordField({ value, onInput, autoComplete, isRequired, ...field }: PasswordFieldProps) {
  const isShown = useSignal(false);
  const shared = {
    value,
    autoComplete,
    required: isRequired ?? false,
    spellcheck: false,
    autoCapitalize: "off",
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onInput(event.currentTarget.value),
  } as const;
  return (
    <Field {...field}>
      {(control) => (
        <div class="password">
          {isShown.value ? (
            <input {...shared} {...control} type="text" />
          ) : (
            <input {...shared} {...control} type="password" />
          )}
          <button
            type="button"
            class="button button-quiet"
            aria-pressed={isShown.value}
            onClick={() => {
              isShown.value = !isShown.value;
            }}
          >
            {isShown.value ? "Hide" : "Show"}
            <span class="visually-hidden"> password</span>
          </button>
        </div>
      )}
    </Field>
  );
}

import { type Signal, useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { GENERATED_PASSWORD_CHARACTERS } from "../limits.ts";
import { generatePassword } from "../model/generate-password.ts";
import { passwordProblem, passwordStrength, type StrengthLevel } from "../model/password-strength.ts";
import type { Tone } from "../model/words.ts";
import { useSecret } from "../state/use-secret.ts";
import { Badge } from "./badge.tsx";
import { PasswordField } from "./password-field.tsx";

/** A password that somebody is about to choose. */
export interface NewPassword {
  /** Whether it is typed, and not made here. */
  readonly isTyped: Signal<boolean>;
  readonly text: Signal<string>;
  /** Whether it is said what is wrong with it: not before it was tried. */
  readonly isTried: Signal<boolean>;
  /** Why it cannot be used; undefined when it can. */
  readonly problem: () => string | undefined;
  /** The one that was typed, else one that is made now. */
  readonly take: () => string;
  readonly forget: () => void;
}

export function useNewPassword(): NewPassword {
  const isTyped = useSignal(false);
  const isTried = useSignal(false);
  const text = useSecret();
  return {
    isTyped,
    text,
    isTried,
    problem: () => (isTyped.value ? passwordProblem(text.value) : undefined),
    take: () => (isTyped.value ? text.value : generatePassword(randomBytes)),
    forget: () => {
      text.value = "";
      isTried.value = false;
    },
  };
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

export interface NewPasswordFieldsProps {
  readonly password: NewPassword;
  /** What everybody knows of the server, such as its name. */
  readonly known: readonly string[];
}

/** Has it made, or typed. */
export function NewPasswordFields({ password, known }: NewPasswordFieldsProps) {
  const { isTyped, text, isTried, problem } = password;
  const group = useId();
  const choose = (typed: boolean): void => {
    isTyped.value = typed;
    password.forget();
  };
  return (
    <fieldset class="choices">
      <legend>Which password</legend>
      <label class="choice">
        <input type="radio" name={group} checked={!isTyped.value} onChange={() => choose(false)} />
        <span>
          Make a strong one
          <span class="faint choice-note">
            {GENERATED_PASSWORD_CHARACTERS} characters by chance, without those that look alike. It is shown
            once.
          </span>
        </span>
      </label>
      <label class="choice">
        <input type="radio" name={group} checked={isTyped.value} onChange={() => choose(true)} />
        <span>Type one</span>
      </label>
      {isTyped.value && (
        <PasswordField
          label="New password"
          value={text.value}
          autoComplete="new-password"
          error={isTried.value ? problem() : undefined}
          hint={<StrengthOf password={text.value} known={known} />}
          onInput={(value) => {
            text.value = value;
          }}
        />
      )}
    </fieldset>
  );
}

const tones: Readonly<Record<StrengthLevel, Tone>> = {
  "very weak": "bad",
  weak: "warn",
  fair: "busy",
  strong: "good",
};

function StrengthOf({ password, known }: { readonly password: string; readonly known: readonly string[] }) {
  if (password === "") return <>How strong it is will be said here.</>;
  const { level, reasons } = passwordStrength(password, known);
  return (
    <span class="strength" role="status">
      <Badge text={`Strength: ${level}`} tone={tones[level]} />
      {level !== "strong" && <span>{reasons.join(". ")}.</span>}
    </span>
  );
}

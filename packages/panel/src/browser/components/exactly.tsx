import { Ago } from "./ago.tsx";

/** A time to the second, and how long ago that is. */
export function Exactly({ at }: { readonly at: string }) {
  return (
    <span>
      {new Date(at).toLocaleString()}{" "}
      <span class="faint">
        (<Ago at={at} />)
      </span>
    </span>
  );
}

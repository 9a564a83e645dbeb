import { Notice } from "../../../components/notice.tsx";
import { type NetworkPreview, type PreviewLine, signWord } from "../../../model/guest-network.ts";

const classes = { "+": "diff-added", "-": "diff-removed", " ": "diff-kept" } as const;

/** What a change would do to what the guest reads, line by line. */
export function NetworkDiff({ preview: { lines, warnings } }: { readonly preview: NetworkPreview }) {
  return (
    <>
      {warnings.length > 0 && (
        <Notice tone="warn" title="Mind this first">
          <ul class="bullets">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
      {lines.length === 0 ? (
        <p>Nothing changes in what the guest reads.</p>
      ) : (
        <ol class="diff" aria-label="What changes in the networks of the guest" tabIndex={0}>
          {lines.map((line, index) => (
            // Lines have no identity but their place.
            <Line key={index} line={line} />
          ))}
        </ol>
      )}
    </>
  );
}

function Line({ line: { sign, text } }: { readonly line: PreviewLine }) {
  const isKept = sign === " ";
  return (
    <li class={`diff-line ${classes[sign]}`}>
      <span class={isKept ? "visually-hidden" : "diff-word"}>{signWord(sign)}</span>
      <code>
        <span aria-hidden="true">{sign} </span>
        {text}
      </code>
    </li>
  );
}

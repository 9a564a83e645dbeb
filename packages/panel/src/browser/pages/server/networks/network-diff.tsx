import { Fold } from "../../../components/fold.tsx";
import { Notice } from "../../../components/notice.tsx";
import { type NetworkPreview, type PreviewLine, signWord } from "../../../model/guest-network.ts";

const classes = { "+": "diff-added", "-": "diff-removed", " ": "diff-kept" } as const;

/** What a change would do to what the guest reads, line by line. */
export function NetworkDiff({ preview: { lines, warnings } }: { readonly preview: NetworkPreview }) {
  const changed = lines.filter(({ sign }) => sign !== " ");
  const kept = lines.filter(({ sign }) => sign === " ");
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
      {changed.length === 0 ? (
        <p>Nothing changes in what the guest reads.</p>
      ) : (
        <Lines label="What changes in the networks of the guest" lines={changed} />
      )}
      {kept.length > 0 && (
        <Fold summary="What stays as it is">
          {() => <Lines label="What stays in the networks of the guest" lines={kept} />}
        </Fold>
      )}
    </>
  );
}

function Lines({ label, lines }: { readonly label: string; readonly lines: readonly PreviewLine[] }) {
  return (
    <ol class="diff" aria-label={label} tabIndex={0}>
      {lines.map((line, index) => (
        // Lines have no identity but their place.
        <Line key={index} line={line} />
      ))}
    </ol>
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

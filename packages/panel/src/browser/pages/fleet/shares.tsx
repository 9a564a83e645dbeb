import { Badge } from "../../components/badge.tsx";
import type { Share } from "../../model/fleet.ts";

export interface SharesProps {
  /** What is counted, such as "Servers by status". */
  readonly title: string;
  readonly shares: readonly Share[];
}

/** How many there are of each: as numbers, and as bars beside them. */
export function Shares({ title, shares }: SharesProps) {
  const most = Math.max(...shares.map(({ count }) => count));
  return (
    <table class="shares">
      <caption>{title}</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Which</th>
          <th scope="col">How many</th>
        </tr>
      </thead>
      <tbody>
        {shares.map(({ key, text, tone, count }) => (
          <tr key={key}>
            <th scope="row">
              <Badge text={text} tone={tone} />
            </th>
            <td>
              {count}
              <span class="share-space" aria-hidden="true">
                <span class={`share-bar share-${tone}`} style={{ width: `${(100 * count) / most}%` }} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import { Link } from "../components/link.tsx";
import { Page } from "../components/page.tsx";

/** A path that leads nowhere. */
export function NotFoundPage({ path }: { readonly path: string }) {
  return (
    <Page title="There is no such page">
      <p>
        Nothing is at <code>{path}</code>.
      </p>
      <p>
        <Link to={{ page: "servers" }}>Go to the servers</Link>
      </p>
    </Page>
  );
}

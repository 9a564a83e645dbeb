import type { ComponentChildren } from "preact";
import { PanelError } from "../errors.ts";

export interface NoticeProps {
  readonly tone: "info" | "good" | "warn" | "bad";
  readonly title?: string;
  readonly children?: ComponentChildren;
}

/** Something to read. What went wrong is read out at once, the rest when there is a pause. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {title !== undefined && <p class="notice-title">{title}</p>}
      {children !== undefined && <div class="notice-text">{children}</div>}
    </div>
  );
}

export interface FailureProps {
  readonly error: Error;
  /** What was not done, such as "The password was not set". */
  readonly title: string;
  /** The way out, beside the service's own words. */
  readonly children?: ComponentChildren;
}

/** What went wrong, in the words of whoever knows it. */
export function Failure({ error, title, children }: FailureProps) {
  const requestId = error instanceof PanelError ? error.requestId : undefined;
  return (
    <Notice tone="bad" title={title}>
      <p>{error.message}</p>
      {children}
      {requestId !== undefined && <p class="faint">Request {requestId}</p>}
    </Notice>
  );
}

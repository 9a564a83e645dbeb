/** Facts of one event. Never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where a service says what happens: a message that is always the same for one kind of event, and facts. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Something that a test waits for, or lets others wait for. */
export interface Gate {
  readonly passed: Promise<void>;
  readonly open: () => void;
}

/** A closed gate. */
export function createGate(): Gate {
  const opened: (() => void)[] = [];
  const passed = new Promise<void>((resolve) => {
    opened.push(resolve);
  });
  return { passed, open: () => opened.forEach((resolve) => resolve()) };
}

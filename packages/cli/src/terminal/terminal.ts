/** The process's input and output as the commands see them. */
export interface Terminal {
  readonly input: Input;
  /** Whether a person reads the standard error. */
  readonly isErrorTty: boolean;
  /** What was asked for: results. */
  writeOut(text: string): void;
  /** Everything else: errors, prompts, progress. */
  writeError(text: string): void;
}

/** Where bytes come from, as they come. */
export interface ByteSource {
  /** Calls back with what comes until the returned function is called. */
  listen(listener: InputListener): () => void;
}

/** The standard input. */
export interface Input extends ByteSource {
  /** Whether a person types at it. */
  readonly isTty: boolean;
  /** Whether each key comes at once, Ctrl-C too, and the terminal does not show it. Only of a terminal. */
  setRaw(isRaw: boolean): void;
}

/** Who reads a source. */
export interface InputListener {
  /** The bytes are the caller's again after the call. */
  readonly receive: (bytes: Uint8Array) => void;
  readonly ended: () => void;
  readonly failed: (error: Error) => void;
}

/**
 * An answer to the host, both fields always strings: Nova compares the code as text, and an integer
 * makes it ask again without end.
 */
export interface Reply {
  /** `0` done, `D0` key exchange done, `404` no such command, `500` failed, `1` reset of the network failed. */
  readonly returncode: string;
  readonly message: string;
}

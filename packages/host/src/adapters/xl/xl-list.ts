/** A domain as `xl list -l` shows it. */
export interface XlDomain {
  readonly domid: number;
  readonly name: string;
  readonly uuid: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether the text is a UUID as toolstacks write one, in lower case: it names files and nodes too. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

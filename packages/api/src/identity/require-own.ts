import { ApiError } from "../errors.ts";

/** Throws FORBIDDEN when a path names another user than the one who calls. */
export function requireOwn(ownId: string, id: string): void {
  if (ownId !== id) throw new ApiError("FORBIDDEN", "You may see no user but yourself");
}

import * as z from "zod/mini";

const named = z.object({ id: z.string(), name: z.string() });

const session = z.object({
  user: named,
  project: z.nullable(named),
  roles: z.array(z.string()),
  projects: z.array(named),
  expires_at: z.string(),
  csrf_token: z.string(),
});

export const sessionAnswer = z.object({ session });

/** Who is signed in, and for which project. */
export type Session = z.output<typeof session>;

export function isAdmin({ roles }: Pick<Session, "roles">): boolean {
  return roles.includes("admin");
}

/** Whether one may change anything, and not only look. */
export function mayChange({ roles }: Pick<Session, "roles">): boolean {
  return roles.includes("member") || roles.includes("admin");
}

/** Why one may not; null when one may. */
export function whyNotChange(session: Pick<Session, "roles">): string | null {
  return mayChange(session) ? null : "Your role in this project only lets you look";
}

/** Whose the panel is: what was read for one is for no other, nor what one does in another project. */
export function ownerOf({ user, project, roles }: Pick<Session, "user" | "project" | "roles">): string {
  return [user.id, project?.id ?? "", ...roles].join(" ");
}

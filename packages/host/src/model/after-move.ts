/** What an exchange knows when it meets its guest at a domid. */
export interface Meeting {
  /** Whether the guest has got another domid since the exchange began. */
  readonly hasMoved: boolean;
  /** Whether the request was written at some domid. */
  readonly wasSent: boolean;
  /** Whether doing the command twice leads where doing it once does (`command-rule.ts`). */
  readonly mayRepeat: boolean;
  /** Whether the caller has something better to do after a move than this request. */
  readonly endsAtMove: boolean;
  /** Whether another exchange wrote the request, and this one only awaits the answer. */
  readonly isResumed: boolean;
}

/**
 * - `ask`: write the request here.
 * - `listen`: the guest may be at work on it, and answers here if it is; nothing is written.
 * - `end`: the caller is told.
 */
export type MeetingAction = "ask" | "listen" | "end";

/**
 * What to do where the guest is met. The request that lay at an old domid is gone with it, unless the
 * guest had taken it: an agent that is suspended and resumed works on, and answers at the new domid
 * because its paths are relative. Nobody else can tell the two apart, so only what may be done twice is
 * asked twice.
 */
export function actionAtMeeting(meeting: Meeting): MeetingAction {
  if (meeting.hasMoved && meeting.endsAtMove) return "end";
  return meeting.isResumed || (meeting.wasSent && !meeting.mayRepeat) ? "listen" : "ask";
}

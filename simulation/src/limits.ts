/** Every limit of a run, by name. */

/** Longest time that a packet takes, in milliseconds. */
export const LATENCY_MAX_MS = 4;

/** How late a late packet of a guest is: later than most hosts wait. */
export const LATE_MIN_MS = 20_000;
export const LATE_MAX_MS = 90_000;

/** How long a guest hears nothing. */
export const MUTE_MIN_MS = 1000;
export const MUTE_MAX_MS = 60_000;

/** How long it takes until a service manager has started a killed process again. */
export const RESTART_MIN_MS = 100;
export const RESTART_MAX_MS = 10_000;

/** How long a service that is asked to end may take before it is killed. */
export const STOP_MS = 5000;

/** How long a slow program takes. */
export const SLOW_MIN_MS = 500;
export const SLOW_MAX_MS = 60_000;

/** Time between two looks whether something befalls a whole domain. */
export const LOOK_MIN_MS = 2000;
export const LOOK_MAX_MS = 30_000;

/** How long a full disk or a used-up quota stays so. */
export const FULL_MIN_MS = 1000;
export const FULL_MAX_MS = 60_000;

/** How long a domain is away that reboots or moves. */
export const AWAY_MIN_MS = 10;
export const AWAY_MAX_MS = 45_000;

/** How long XenStore's server is away when it is started again. */
export const DOWN_MIN_MS = 10;
export const DOWN_MAX_MS = 8000;

/** Longest time between two acts of a hostile program, and how many nodes it writes at a time. */
export const HOSTILE_PAUSE_MAX_MS = 4000;
export const HOSTILE_NODES = 20;

/** Alarms that a process at rest may have set, and connections that a domain may have. */
export const ALARMS_MAX = 4;
export const SESSIONS_MAX = 1;

/** How long a call of the toolstack takes. */
export const CALL_MIN_MS = 10;
export const CALL_MAX_MS = 2000;

/** Instances of a run, and what is asked of them. */
export const INSTANCES_MAX = 2;
export const ACTIONS_MIN = 4;
export const ACTIONS_MAX = 10;

/** Nodes that a guest may own. */
export const GUEST_NODES = 60;

/** Guests of a run. */
export const GUESTS_MAX = 3;

/** Operations of a run. */
export const OPERATIONS_MIN = 4;
export const OPERATIONS_MAX = 12;

/** Time in which they are asked for, and in which faults strike. */
export const TROUBLE_MS = 240_000;

/** Time after the last fault in which every operation has to end: more than the longest limit of all. */
export const QUIET_MS = 700_000;

/** Time in which a guest has to answer when nothing has gone wrong for long. */
export const PROBE_MS = 30_000;

/** When an answer is written again by an agent with that bug. */
export const ANSWERED_AGAIN_MS = 5000;

/** In which time an agent that nothing befalls is heard: it is asked after three minutes of silence. */
export const HEARD_WITHIN_MS = 300_000;

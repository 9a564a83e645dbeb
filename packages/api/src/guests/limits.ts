/** Every limit of the service `guests`, by name; times are in milliseconds. */

/** How many servers a list has at most. */
export const SERVERS_MAX = 5_000;

/** How many ids a list of servers is asked for at most. */
export const SERVER_IDS_MAX = 1_000;

/** For how long an agent counts as healthy after it was heard: it is asked far more often. */
export const AGENT_FRESH_MS = 900_000;

/** How much of what was done with a server is told, the newest first. */
export const ACTIVITY_MAX = 100;

/** How many operations are looked at for that. */
export const ACTIVITY_OPERATIONS_MAX = 500;

/** How long a request may lie until an agent that runs has taken it. */
export const REQUEST_PATIENCE_MS = 10_000;

/** Over how many hours operations of the fleet are counted, the one that goes on among them. */
export const FLEET_WINDOW_HOURS = 24;

/** An hour. */
export const HOUR_MS = 3_600_000;

/** How many servers are named that have no agent, or a silent one. */
export const WITHOUT_AGENT_MAX = 100;

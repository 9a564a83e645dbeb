/** The version of nova-agent that goes with this control service. */
export const NEWEST_AGENT_VERSION = "3.0.0";

/**
 * The version told to the host, which compares it as LooseVersion does. It must stay above 2.1.25,
 * or a host may push one of the agents before this one over it.
 */
export const AGENT_VERSION = "3.0.0";

/** Every limit of the Compute API, by name. */

/** Longest name (nova, parameter_types.name). */
export const NAME_MAX_CHARACTERS = 255;

/** Longest password that is taken; what a guest takes is far less. */
export const PASSWORD_MAX_CHARACTERS = 1024;

/** How many pages of instances are read for one page of those with a status. */
export const STATUS_PAGES_MAX = 20;

/** Every limit of the Compute API, by name. */

/** Longest name (nova, parameter_types.name). */
export const NAME_MAX_CHARACTERS = 255;

/** Longest password that is taken; what a guest takes is far less. */
export const PASSWORD_MAX_CHARACTERS = 1024;

/** How many pages of instances are read for one page of those with a status. */
export const STATUS_PAGES_MAX = 20;

/** Longest id that is looked for. */
export const ID_MAX_CHARACTERS = 255;

/** Longest value of an item of the metadata (nova, parameter_types.metadata). */
export const METADATA_MAX_CHARACTERS = 255;

/** How many items the metadata of a server has (nova.conf, [quota] metadata_items). */
export const METADATA_ITEMS_MAX = 128;

/** How many files a new server is given (nova.conf, [quota] injected_files). */
export const FILES_MAX = 5;

/** Largest of these files, in bytes (nova.conf, [quota] injected_file_content_bytes). */
export const FILE_MAX_BYTES = 10_240;

/** Longest path of these files (nova.conf, [quota] injected_file_path_length). */
export const FILE_PATH_MAX_CHARACTERS = 255;

/** How many servers are made by one request. */
export const SERVERS_PER_REQUEST_MAX = 20;

/** How many networks a new server has. */
export const NETWORKS_PER_SERVER_MAX = 8;

/** Length of a password that is made here (nova.conf, password_length). */
export const GENERATED_PASSWORD_CHARACTERS = 12;

/** Longest public key of a key pair (nova, compute/api.py, KeypairAPI). */
export const PUBLIC_KEY_MAX_CHARACTERS = 16_384;

/** Bits of the keys that are made here (nova, crypto.py, generate_key). */
export const GENERATED_KEY_BITS = 2048;

/** Every limit of these tests, by name. */

/** How long one test may take, with a demo that is started for it on a machine with other work. */
export const TEST_TIMEOUT_MS = 240_000;

/** How long a page may take to show what it was asked for. */
export const PAGE_TIMEOUT_MS = 20_000;

/** How much of a page's text is printed when its test fails, in characters. */
export const SHOWN_TEXT_MAX_CHARACTERS = 4000;

/** The narrowest and the widest window that the panel is made for, in pixels of CSS. */
export const NARROW_PX = 360;
export const WIDE_PX = 1920;

/** How long a request to the API may take on a machine with other work. */
export const API_TIMEOUT_MS = 30_000;

/** How long a demo may take to build a server. */
export const BUILD_TIMEOUT_MS = 90_000;

/** How long a demo may take to boot a server or its rescue system. */
export const BOOT_TIMEOUT_MS = 60_000;

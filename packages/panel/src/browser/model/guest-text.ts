import * as z from "zod/mini";
import { GUEST_TEXT_MAX_CHARACTERS } from "../limits.ts";
import { showable } from "./printable.ts";

/** A text of an answer in which a guest's own words may be, such as why it refused: as it can be shown. */
export const guestText = z.string().check(z.overwrite((text) => showable(text, GUEST_TEXT_MAX_CHARACTERS)));

import type { CardKind } from "../kind.js"
import { isoSpec } from "./compile.js"
import { type IsoProfile, isoSchema } from "./schema.js"

/** A plain ISO 7816-4 card of any files. */
export const isoKind: CardKind<IsoProfile> = { schema: isoSchema, toSpec: isoSpec }

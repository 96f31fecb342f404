import { encodePrivateData, type NoteCount } from "../../dictionary/index.js"

/** Who acts at a counter (host-iso8583 §11.8): large amounts want the holder's document, cash out a second person as well. */
export interface CounterService {
  /** Number of the teller, DF07. */
  readonly teller: string
  /** Number of the second person, DF08. */
  readonly authorisingTeller?: string
  /** The document that the holder shows. */
  readonly holder?: {
    /** As in tag 9F62: 00 identity card. Default 00. */
    readonly documentType?: string
    readonly identityNumber: string
    readonly name?: string
  }
}

/** DE48 of a transaction at a counter. */
export function counterData({ teller, authorisingTeller, holder }: CounterService, notes?: readonly NoteCount[]) {
  return encodePrivateData({
    teller,
    ...(authorisingTeller !== undefined && { authorisingTeller }),
    ...(holder && { documentType: "00", ...holder }),
    ...(notes && { notes }),
  })
}

import type { PkiPair } from "../../../dictionary/index.js"
import type { Context } from "../../context.js"

/** Volatile state of the selected certificate application; SELECT and reset drop it. */
export interface PkiState {
  /** SM4 key that came in a digital envelope: deciphers the pair that follows. */
  importKey: Uint8Array | undefined
  /** The pair that was checked last: its public key may be exported. */
  checkedPair: PkiPair | undefined
}

export const newPkiState = (): PkiState => ({ importKey: undefined, checkedPair: undefined })

export const pkiStateOf = (context: Context): PkiState => context.session.state as PkiState

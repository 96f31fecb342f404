import { CardRemovedError, hex, type Transport } from "../../../src/apdu/index.js"
import { DIRECTORY, RECORDS, scriptedCard } from "../emv/scripted-card.js"

export interface ObligingCard extends Transport {
  /** How many transactions it was asked for: GET PROCESSING OPTIONS. */
  readonly transactions: () => number
}

export interface ObligingCardOptions {
  /** Answer of the first GENERATE AC; default an ARQC. */
  readonly first?: string
  /** Answer of the second to a request for a TC; default a TC. */
  readonly second?: string
  /** It is pulled when this instruction comes for the nth time, before it answers. */
  readonly pulledAt?: { readonly ins: number; readonly nth?: number }
}

export const ARQC = "801E800007E64152248DEBA48B07010103A00002010A0100000100003769DA839000"
export const TC = "801E400007E6B9C13B4ED809F007010103600002010A0100000100003769DA839000"
export const AAC = "801E000007E6B9C13B4ED809F007010103200002010A0100000100003769DA839000"

/** The default card as far as a transaction needs it; its cryptograms are those of V-B10, whatever it is asked. */
export function obligingCard({ first = ARQC, second = TC, pulledAt }: ObligingCardOptions = {}): ObligingCard {
  const seen = new Map<number, number>()
  let removed = false
  let transactions = 0
  let cryptograms = 0
  const fixed = scriptedCard({ ...DIRECTORY, "00B2011400": RECORDS["00B2011400"], "00B2021400": RECORDS["00B2021400"] })
  let records = scriptedCard({ ...RECORDS })
  return {
    transactions: () => transactions,
    async transmit(command) {
      const ins = command[1]!
      seen.set(ins, (seen.get(ins) ?? 0) + 1)
      if (pulledAt?.ins === ins && (pulledAt.nth ?? 1) === seen.get(ins)) removed = true
      if (removed) throw new CardRemovedError()
      switch (ins) {
        case 0xa4:
          records = scriptedCard({ ...RECORDS })
          return fixed.transmit(command)
        case 0xa8:
          transactions++
          cryptograms = 0
          return hex("800A7C0008010100100102019000")
        case 0xae:
          return hex(cryptograms++ === 0 ? first : command[2] === 0x40 ? second : AAC)
        case 0x82:
        case 0x18:
        case 0x24:
          return hex("9000")
        case 0xb2:
          // The directory and the first file share record 1 of file 1.
          return command[2] === 2 && command[3] === 0x0c ? hex("6A83") : records.transmit(command)
        default:
          return hex("6D00")
      }
    },
    async close() {},
  }
}

import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { verifyHolder } from "../../../src/terminal/emv/cardholder-verification.js"
import {
  atmConfiguration,
  counterConfiguration,
  type HolderVerification,
  type PinEntry,
  posConfiguration,
  type TerminalConfiguration,
} from "../../../src/terminal/emv/index.js"
import { transactionState } from "./transaction-state.js"

const BLOCK = hex("D85A13A0B491E484")
const entered = async (): Promise<PinEntry> => ({ outcome: "entered", block: BLOCK })
const ATM = atmConfiguration()
const COUNTER = counterConfiguration()
const POS = posConfiguration()
const AMOUNTS = "0000000000000000"
const DEFAULT_LIST = `${AMOUNTS}420341031E031F00`

interface Case {
  list?: string
  card?: Record<number, string>
  at?: TerminalConfiguration
  type?: number
  amountFen?: number
  holder?: HolderVerification
  script?: Record<string, string | readonly string[]>
}

async function verify({ list = DEFAULT_LIST, card = {}, at = ATM, type, amountFen, holder, script = {} }: Case) {
  const state = transactionState(
    { 142: list, 40770: "0156", ...card },
    {
      configuration: at,
      input: { ...(type !== undefined && { type }), ...(amountFen !== undefined && { amountFen }) },
      script,
    },
  )
  let block: Uint8Array | undefined
  const end = await verifyHolder(state, holder ?? { onlinePin: entered }, (kept) => {
    block = kept
  })
  return {
    end,
    block,
    results: toHex(state.data.get(0x9f34)!),
    tvr3: toHex(state.verification.tvr.subarray(2, 3)),
    tvr1: toHex(state.verification.tvr.subarray(0, 1)),
    tsi: toHex(state.verification.tsi.subarray(0, 1)),
  }
}

describe("the on-line PIN at an ATM", () => {
  it("is asked for by the default card's first rule and left open (9F34 420300)", async () => {
    expect(await verify({})).toMatchObject({ end: "done", block: BLOCK, results: "420300", tvr3: "04", tsi: "40" })
  })

  it("ends the transaction when it is cancelled", async () => {
    expect((await verify({ holder: { onlinePin: async () => ({ outcome: "cancelled" }) } })).end).toBe("cancelled")
  })

  it("that is not entered lets the list go on; an ATM supports nothing else", async () => {
    const bypassed = await verify({ holder: { onlinePin: async () => ({ outcome: "bypassed" }) } })
    expect(bypassed).toMatchObject({ end: "done", block: undefined, results: "1F0001", tvr3: "88" })
  })

  it("needs a PIN pad", async () => {
    expect(await verify({ holder: {} })).toMatchObject({ results: "1F0001", tvr3: "90" })
    const broken = { onlinePin: async (): Promise<PinEntry> => ({ outcome: "unavailable" }) }
    expect(await verify({ holder: broken })).toMatchObject({ tvr3: "90" })
  })
})

// EMV Book 3 annex C3: the rule's condition, then "no CVM" to show that the rule was passed over.
describe("a condition", () => {
  const NO_CVM = counterConfiguration({ capabilities: hex("6048C0") })
  const ATM_NO_CVM = atmConfiguration({ capabilities: hex("6048C0") })
  it.each<[string, string, Case, boolean]>([
    ["00 always", "0200", {}, true],
    ["01 unattended cash, at an ATM", "0201", {}, true],
    ["01 at a counter", "0201", { at: NO_CVM }, false],
    ["01 for an inquiry", "0201", { type: 0x30 }, false],
    ["02 neither cash nor cashback, for cash", "0202", {}, false],
    ["02 for an inquiry", "0202", { type: 0x30 }, true],
    ["02 for a purchase with cashback", "0202", { type: 0x09 }, false],
    ["03 the terminal supports the method", "0203", {}, true],
    ["03 a method it does not support", "0103", {}, false],
    ["04 attended cash, at an ATM", "0204", {}, false],
    ["04 at a counter", "0204", { at: NO_CVM }, true],
    ["05 cashback", "0205", { type: 0x09 }, true],
    ["05 for cash", "0205", {}, false],
    ["06 under X", "0206", { amountFen: 9_999 }, true],
    ["06 at X", "0206", { amountFen: 10_000 }, false],
    ["06 under X in another currency", "0206", { amountFen: 9_999, card: { 40770: "0840" } }, false],
    ["07 over X", "0207", { amountFen: 10_001 }, true],
    ["07 at X", "0207", { amountFen: 10_000 }, false],
    ["08 under Y", "0208", { amountFen: 19_999 }, true],
    ["08 at Y", "0208", { amountFen: 20_000 }, false],
    ["09 over Y", "0209", { amountFen: 20_001 }, true],
    ["09 at Y", "0209", { amountFen: 20_000 }, false],
    ["0A unknown", "020A", {}, false],
    ["80 reserved", "0280", {}, false],
  ])("%s: rule %s", async (_, rule, options, holds) => {
    const found = await verify({ at: ATM_NO_CVM, list: `0000271000004E20${rule}1F00`, ...options })
    expect(found.results).toBe(holds ? `${rule}00` : "1F0002")
  })
})

describe("a method", () => {
  it("that fails ends the list unless its rule says go on", async () => {
    expect(await verify({ list: `${AMOUNTS}00001F00`, at: POS })).toMatchObject({ results: "000001", tvr3: "80" })
    expect(await verify({ list: `${AMOUNTS}40001F00`, at: POS })).toMatchObject({ results: "1F0002", tvr3: "00" })
  })

  it("that nobody knows is noted", async () => {
    expect(await verify({ list: `${AMOUNTS}2A00` })).toMatchObject({ results: "2A0001", tvr3: "C0" })
    expect(await verify({ list: `${AMOUNTS}6A000200` })).toMatchObject({ results: "020000", tvr3: "44" })
  })

  it("with a PIN that the terminal cannot take notes the missing PIN pad", async () => {
    expect(await verify({ list: `${AMOUNTS}0400` })).toMatchObject({ results: "040001", tvr3: "90" })
  })

  it("of signature is open until the clerk has looked at it", async () => {
    expect(await verify({ list: `${AMOUNTS}1E00`, at: POS })).toMatchObject({ results: "1E0000", tvr3: "00" })
  })

  it("of showing a document asks the clerk with the card's number and type (PBOC 20)", async () => {
    const at = counterConfiguration({ capabilities: hex("6041C0") })
    const card = { 40801: "393939", 40802: "00" }
    const seen: (string | undefined)[] = []
    const holder: HolderVerification = {
      showDocument: async (type, number) => {
        seen.push(type && toHex(type), number && toHex(number))
        return true
      },
    }
    expect(await verify({ list: `${AMOUNTS}2000`, at, card, holder })).toMatchObject({ results: "200002", tvr3: "00" })
    expect(seen).toEqual(["00", "393939"])
    expect(await verify({ list: `${AMOUNTS}2000`, at, holder: {} })).toMatchObject({ results: "200001", tvr3: "80" })
    expect(await verify({ list: `${AMOUNTS}2000`, at: COUNTER, holder })).toMatchObject({ results: "200001" })
  })
})

describe("the plain offline PIN", () => {
  const VERIFY = "0020008008241234FFFFFFFFFF"
  const list = `${AMOUNTS}0100`
  const asking = (log: (number | undefined)[]): HolderVerification => ({
    offlinePin: async (left) => {
      log.push(left)
      return { outcome: "entered", block: hex("241234FFFFFFFFFF") }
    },
  })

  it("is verified by the card", async () => {
    const script = { "80CA9F1700": "9F1701039000", [VERIFY]: "9000" }
    expect(await verify({ list, at: POS, script, holder: asking([]) })).toMatchObject({ results: "010002", tvr3: "00" })
  })

  it("together with a signature stays open", async () => {
    const script = { "80CA9F1700": "9F1701039000", [VERIFY]: "9000" }
    const at = POS
    expect(await verify({ list: `${AMOUNTS}0300`, at, script, holder: asking([]) })).toMatchObject({
      results: "030000",
    })
  })

  it("is asked for again with the tries that are left, until there are none", async () => {
    const log: (number | undefined)[] = []
    const script = { "80CA9F1700": "9F1701039000", [VERIFY]: ["63C2", "63C1", "63C0"] }
    expect(await verify({ list, at: POS, script, holder: asking(log) })).toMatchObject({
      results: "010001",
      tvr3: "A0",
    })
    expect(log).toEqual([3, 2, 1])
  })

  it("is not asked for when no tries are left", async () => {
    const log: (number | undefined)[] = []
    const script = { "80CA9F1700": "9F1701009000" }
    expect(await verify({ list, at: POS, script, holder: asking(log) })).toMatchObject({ tvr3: "A0" })
    expect(log).toEqual([])
  })

  it("is not asked for for ever by a card that never counts down", async () => {
    const log: (number | undefined)[] = []
    const script = { "80CA9F1700": "6A88", [VERIFY]: "63C3" }
    expect(await verify({ list, at: POS, script, holder: asking(log) })).toMatchObject({ tvr3: "A0" })
    expect(log).toEqual([undefined, 3])
  })
})

describe("no verification at all", () => {
  it("when the card does not support it (AIP b5)", async () => {
    expect(await verify({ card: { 130: "6C00" } })).toMatchObject({ results: "3F0000", tvr3: "00", tsi: "00" })
  })

  it("when the list is missing, which is noted", async () => {
    const state = transactionState({})
    await verifyHolder(state, {}, () => {})
    expect(toHex(state.verification.tvr)).toBe("2000000000")
    expect(toHex(state.verification.tsi)).toBe("0000")
  })

  it("when no condition holds: failed", async () => {
    expect(await verify({ list: `${AMOUNTS}0205` })).toMatchObject({ results: "3F0001", tvr3: "80", tsi: "40" })
  })
})

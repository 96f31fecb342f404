import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { actionAnalysis, actionAnalysisUnableOnline } from "../../../src/terminal/emv/action-analysis.js"
import { atmConfiguration, bitName, posConfiguration, tvrBits } from "../../../src/terminal/emv/index.js"
import { terminalRiskManagement } from "../../../src/terminal/emv/terminal-risk-management.js"
import { transactionState } from "./transaction-state.js"

const NONE = "0000000000"
const CODES = { 40717: "D84000A800", 40718: "0010000000", 40719: "D84004F800" }
const POS = posConfiguration()
const ATM = atmConfiguration()

function decide(tvr: string, card: Record<number, string> = CODES, at = POS) {
  const state = transactionState(card, { configuration: at })
  state.verification.tvr.set(hex(tvr))
  return { state, asked: actionAnalysis(state), unable: actionAnalysisUnableOnline(state) }
}

describe("terminal action analysis (EMV Book 3 §10.7)", () => {
  it.each([
    ["nothing found: approved offline", NONE, "TC", "TC"],
    ["service not allowed: declined by the denial code", "0010000000", "AAC", "TC"],
    ["on-line PIN entered: on-line", "0000040000", "ARQC", "TC"],
    ["expired: on-line, declined when that is impossible", "0040000000", "ARQC", "AAC"],
    ["the default withdrawal: on-line, declined when that is impossible", "8000048000", "ARQC", "AAC"],
  ])("%s", (_, tvr, asked, unable) => {
    expect(decide(tvr)).toMatchObject({ asked, unable })
  })

  it("goes on-line for every bit when the card has no action codes", () => {
    const terminal = { denial: hex(NONE), online: hex(NONE), default: hex(NONE) }
    const at = posConfiguration({ actionCodes: terminal })
    expect(decide("0000000001", {}, at)).toMatchObject({ asked: "ARQC", unable: "AAC" })
    expect(decide(NONE, {}, at)).toMatchObject({ asked: "TC", unable: "TC" })
  })

  it("at an on-line-only terminal never approves by itself", () => {
    expect(decide(NONE, CODES, ATM).asked).toBe("ARQC")
    expect(decide("0010000000", CODES, ATM).asked).toBe("AAC")
    const { state, unable } = decide(NONE, CODES, ATM)
    expect(unable).toBe("AAC")
    expect(state.verification.why.at(-1)).toMatchObject({ rule: "online only" })
  })

  it.each([
    ["nothing found", NONE, "TC"],
    ["an on-line code that nobody can be asked about", "0000040000", "TC"],
    ["a default code", "0040000000", "AAC"],
    ["a denial code", "0010000000", "AAC"],
  ])("at an offline-only terminal decides by the default codes: %s", (_, tvr, asked) => {
    expect(decide(tvr, CODES, posConfiguration({ terminalType: 0x23 })).asked).toBe(asked)
  })

  it("names the bits that decided", () => {
    expect(decide("0010000000").state.verification.why[0]).toMatchObject({
      rule: "action code denial",
      en: expect.stringContaining("B2b5"),
      zh: expect.stringContaining("B2b5"),
    })
  })
})

describe("terminal risk management (EMV Book 3 §10.6)", () => {
  const selection = { targetPercent: 20, maximumPercent: 60, thresholdFen: 10_000 }
  const at = posConfiguration({ floorLimitFen: 50_000, randomSelection: selection, velocityChecking: false })

  it.each([
    ["under the threshold, drawn at the target", 9_999, 20, true],
    ["under the threshold, drawn above the target", 9_999, 21, false],
    ["half way to the floor limit, drawn at 40", 30_000, 40, true],
    ["half way to the floor limit, drawn at 41", 30_000, 41, false],
  ])("selects at random %s", async (_, amountFen, drawn, selected) => {
    const state = transactionState({}, { configuration: at, input: { amountFen } })
    await terminalRiskManagement(state, () => drawn)
    expect(tvrBits(state.verification.tvr).map(bitName)).toEqual(selected ? ["B4b5"] : [])
    expect(toHex(state.verification.tsi)).toBe("0800")
  })

  it("never selects what exceeds the floor limit anyway", async () => {
    const state = transactionState({}, { configuration: at, input: { amountFen: 50_000 } })
    await terminalRiskManagement(state, () => 1)
    expect(toHex(state.verification.tvr)).toBe("0000008000")
  })

  it("goes on-line when the merchant wants it", async () => {
    const state = transactionState({}, { configuration: at, input: { amountFen: 1, forceOnline: true } })
    await terminalRiskManagement(state, () => 99)
    expect(toHex(state.verification.tvr)).toBe("0000000800")
  })

  it.each([
    ["within both limits", "9F360200059000", "9F130200039000", "00"],
    ["over the lower limit", "9F360200069000", "9F130200039000", "40"],
    ["over both limits", "9F360200089000", "9F130200039000", "60"],
    ["a counter the card does not give", "6A88", "9F130200039000", "60"],
    ["a counter of the wrong length", "9F3603000005 9000", "9F130200039000", "60"],
    ["counters that run backwards", "9F360200029000", "9F130200039000", "60"],
  ])("checks the consecutive offline limits: %s", async (_, counter, lastOnline, byte4) => {
    const configuration = posConfiguration({ floorLimitFen: 100_000 })
    const script = { "80CA9F3600": counter.replace(" ", ""), "80CA9F1300": lastOnline }
    const state = transactionState({ 40724: "02", 40739: "04" }, { configuration, script })
    await terminalRiskManagement(state, () => 99)
    expect(toHex(state.verification.tvr)).toBe(`000000${byte4}00`)
  })
})

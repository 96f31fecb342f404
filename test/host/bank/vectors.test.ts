import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../../src/apdu/index.js"
import { lineMac, testTerminalKeys } from "../../../src/crypto/index.js"
import { decodeFrame, decodeMessage } from "../../../src/dictionary/index.js"
import { createBank } from "../../../src/host/index.js"
import { memoryStore } from "../../../src/host/store/memory-store.js"
import { CARD, PAN, testClock } from "../test-terminal.js"

// Message dumps of host-iso8583 §20.
const HEAD = "6000030000613200320000"
const SIGN_ON = "08000020000000C0001200000141544D303030303153484542414F30303030303030303100110000000100300003303031"
const SIGN_ON_ANSWER =
  "0810003800010AC0001400000108000011200800010000353332343038303030303031303041544D303030303153484542414F30303030303030303100110000000100300040CB4AB541CD5AD4FC256A882726936A5A08D7B4FB256A882726936A5ACB4AB541CD5AD4FC7B83586D"
const WITHDRAWAL =
  "0200723C46C120C09A11196217000000000000046001000000000005000011201030050001231030001120351260110510000102060800010000376217000000000000046D35122200000000000041544D303030303153484542414F303030303030303031313536D85A13A0B491E484260000000000000001459F2608E64152248DEBA48B9F2701809F101307010103A00002010A0100000100003769DA839F3704112233449F36020007950500000480009A032511209C01019F02060000000500005F2A02015682027C009F1A0201569F03060000000000009F33036040C09F34034203009F3501149F1E0853484542414F30318408A0000003330101019F090200309F4104000001230013010000010005004141413039333733"
const WITHDRAWAL_ANSWER =
  "0210723A00810EC086111962170000000000000460010000000000050000112010300500012310300111201120020800010000353332343130303030313233413030313233303041544D303030303153484542414F3030303030303030313135360040313030313135364330303030303039353030303031303032313536433030303030303935303030300012910A4C70186B21450E76303000110100000100003735433137373737"
const REVERSAL =
  "0420F23C468102C0821000000040000000011962170000000000000460010000000000050000112010311000012310300011203512601105100001020800010000393841544D303030303153484542414F3030303030303030313135360045950500000480009F1E0853484542414F30319F101307010103A00002010A0100000100003769DA839F3602000700110100000100000200000123112010300500000010000000000000004639313233363244"

const KEYS = [testTerminalKeys().tpk, testTerminalKeys().tak]

/** The bank of the dumps: keys of V-C4, the 123rd approval. */
async function bankOfDumps() {
  const clock = testClock(new Date("2025-11-20T00:00:00Z"))
  const store = memoryStore()
  const keys = [...KEYS]
  const random = (length: number) => (length === 16 ? keys.shift()! : new Uint8Array(length).fill(7))
  const bank = createBank({ store, clock, random })
  await bank.enroll(CARD)
  await store.transaction(async (rows) => {
    for (let i = 1; i < 123; i++) await rows.next("authorisation")
  })
  const send = async (message: string) => toHex((await bank.handle(hex(HEAD + message)))!)
  return { bank, clock, send }
}

describe("message dumps (host-iso8583 §20)", () => {
  it("answers a sign-on with both working keys, addresses swapped", async () => {
    const { send } = await bankOfDumps()
    expect(await send(SIGN_ON)).toBe(`6000000003613200320000${SIGN_ON_ANSWER}`)
  })

  it("approves the withdrawal of the default card byte for byte", async () => {
    const { bank, clock, send } = await bankOfDumps()
    await send(SIGN_ON)
    clock.set("2025-11-20T02:30:01Z")
    expect((await send(WITHDRAWAL)).slice(22)).toBe(WITHDRAWAL_ANSWER)
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 950_000n })
  })

  it("reverses it when the answer did not arrive, and answers each repeat with the same bytes", async () => {
    const { bank, clock, send } = await bankOfDumps()
    await send(SIGN_ON)
    clock.set("2025-11-20T02:30:01Z")
    await send(WITHDRAWAL)
    const answer = await send(REVERSAL)
    const { messageType, fields } = decodeMessage(decodeFrame(hex(answer)).message)
    expect(messageType).toBe("0430")
    expect(fields).toMatchObject({
      2: PAN,
      4: "000000050000",
      11: "000123",
      12: "103000",
      13: "1120",
      15: "1120",
      39: "00",
    })
    expect(fields[90]).toBe("020000012311201030050000001000000000000000")
    expect(fields[37]).toBe("532410000123")
    expect(await send(REVERSAL)).toBe(answer)
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
    expect((await bank.ledger.verify()).violations).toEqual([])
  })

  it("signs its answer in the last element", async () => {
    const { clock, send } = await bankOfDumps()
    await send(SIGN_ON)
    clock.set("2025-11-20T02:30:01Z")
    const answer = decodeFrame(hex(await send(WITHDRAWAL))).message
    const mac = lineMac("ecb", testTerminalKeys().tak, answer.slice(0, -8))
    expect(answer).toEqual(concat(answer.slice(0, -8), mac))
  })
})

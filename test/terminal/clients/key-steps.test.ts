import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import {
  algorithmOf,
  beginAuthentication,
  beginGenuineCheck,
  beginSecureCommand,
  finishAuthentication,
  finishGenuineCheck,
  finishSecureCommand,
  type KeyFacts,
  readIdentity,
} from "../../../src/terminal/clients/index.js"
import { testKeyService } from "../../../src/terminal/index.js"
import { scriptedLine } from "../support/lines.js"

const keys = testKeyService()
const ATR = hex("3B6D000000815431008660110816000001")
const facts = (algorithm: "3des" | "sm4"): KeyFacts => ({ atr: ATR, region: "320800", algorithm })

describe("work with a key in two steps (vectors of card-commands §9.4, §9.5)", () => {
  it.each([
    ["T2", "3des", "F4F14BF11083845F"],
    ["S2", "sm4", "C82A956D935FF6E23A27F7BC31D089E8"],
  ] as const)("%s: INTERNAL AUTHENTICATE, the first challenge is the factor", async (_, algorithm, proof) => {
    const line = scriptedLine(["11223344556677889000", "01020304050607089000", `${proof}9000`, `${proof}9000`])
    const step = await beginGenuineCheck(line, facts(algorithm))
    if (!step.ok) throw new Error("refused")
    const answer = await keys.internalAuthentication(step)
    if (!answer.ok) throw new Error(answer.code)
    expect(toHex(answer.proof)).toBe(proof)
    expect(await finishGenuineCheck(line, step, answer.proof)).toEqual({ ok: true, genuine: true })
    expect(line.sent[2]).toBe("00880000101122334455667788010203040506070800")
    // What a back office sends behind the proof does not count; a proof of nothing proves nothing.
    expect(await finishGenuineCheck(line, step, hex(`${proof.slice(0, -2)}00`))).toEqual({ ok: true, genuine: false })
    expect(await finishGenuineCheck(scriptedLine(["9000"]), step, hex(""))).toEqual({ ok: true, genuine: false })
  })

  it.each([
    ["T3", "3des", "RKssse", "A1A2A3A4A5A6A7A8", "0082000A102898438E02652C170102030405060708"],
    ["T4", "3des", "UKssse", "B1B2B3B4B5B6B7B8", "00820004100DE48E9A7E4B4C530102030405060708"],
    ["T6", "3des", "UK1DF01", "2021222324252627", "0082008310368A9CF7A345AB930102030405060708"],
    ["T7", "3des", "RK1DF04", "3031323334353637", "00820084105177CB5B936B275E0102030405060708"],
    ["S3", "sm4", "RKssse", "A1A2A3A4A5A6A7A8", "0082000A10E857CBBA403E828137F835B32576FA8D"],
  ] as const)("%s: EXTERNAL AUTHENTICATE, the last challenge is the factor", async (_, algorithm, key, last, sent) => {
    const line = scriptedLine(["01020304050607089000", `${last}9000`, "9000"])
    const step = await beginAuthentication(line, facts(algorithm), key)
    if (!step.ok) throw new Error("refused")
    const answer = await keys.externalAuthentication(step)
    expect(answer.ok && (await finishAuthentication(line, step, answer.data))).toEqual({ ok: true })
    expect(line.sent).toEqual(["0084000008", "0084000008", sent])
  })

  it.each([
    ["T8", "84240001", "03123456", true, "842400010CD3C829A7803F2F92F6CDF497"],
    ["T9", "84240000", "", false, "84240000045F70B247"],
    ["T10", "841E0000", "", false, "841E0000041C125D57"],
    ["T10", "84160000", "", false, "8416000004DF443CA3"],
    ["T11", "04DC0404", "0A0131", false, "04DC0404070A013191599F3E"],
  ] as const)("%s: %s with secure messaging under STK", async (_, header, data, encipher, sent) => {
    const line = scriptedLine(["C1C2C3C4C5C6C7C89000", "9000"])
    const step = await beginSecureCommand(line, facts("3des"), "STKssse", hex(header))
    if (!step.ok) throw new Error("refused")
    const answer = await keys.secureCommand({ ...step, data: hex(data), encipher })
    expect(answer.ok && (await finishSecureCommand(line, step, answer.command))).toEqual({ ok: true })
    expect(line.sent).toEqual(["0084000008", sent])
  })

  it("sends no other command than the one that was asked for", async () => {
    const line = scriptedLine([])
    const step = { header: hex("84240000") }
    await expect(finishSecureCommand(line, step, hex("8416000004DF443CA3"))).rejects.toThrow(/^command: expected/)
    await expect(finishSecureCommand(line, step, hex("84240000"))).rejects.toThrow(/^command: /)
    expect(line.sent).toEqual([])
  })

  it("passes on that the card gives no challenge", async () => {
    const refusal = { ok: false, statusWord: 0x6d00 }
    expect(await beginGenuineCheck(scriptedLine(["6D00"]), facts("3des"))).toEqual(refusal)
    expect(await beginGenuineCheck(scriptedLine(["01020304050607089000", "6D00"]), facts("3des"))).toEqual(refusal)
    expect(await beginAuthentication(scriptedLine(["6D00"]), facts("3des"), "PUK")).toEqual(refusal)
    expect(await beginSecureCommand(scriptedLine(["6D00"]), facts("3des"), "PUK", hex("84240000"))).toEqual(refusal)
  })
})

describe("what the keys of a card are found by (card-structure §2, §4.2)", () => {
  it.each([
    ["6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988010153049F0C8603", "2.00", "sm4"],
    ["6F1A840F7378312E73682EC9E7BBE1B1A3D5CFA5078801019F0C8601", "3.00", "3des"],
    ["6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988010153049F0C8602", "2.00", "ssf33"],
    ["6F16840F7378312E73682EC9E7BBE1B1A3D5CFA503880101", "2.01", "3des"],
    ["6F16840F7378312E73682EC9E7BBE1B1A3D5CFA503880101", "1.00", "3des"],
    ["6F16840F7378312E73682EC9E7BBE1B1A3D5CFA503880101", "3.00", "sm4"],
    ["6F16840F7378312E73682EC9E7BBE1B1A3D5CFA503880101", undefined, "3des"],
    // The same digits, not at a byte.
    ["6F0509F0C860300000", "2.00", "3des"],
  ] as const)("FCI %s of version %s: %s", (fci, version, algorithm) => {
    expect(algorithmOf(hex(fci), version)).toBe(algorithm)
  })

  it("comes from records 1 to 3 of EF05, of which 1 and 3 are free in every version", async () => {
    const line = scriptedLine(["9000", "9000", "0110320800D156000005160000018F385B8F9000", "6982", "0304332E30309000"])
    expect(await readIdentity(line, ATR)).toEqual({
      ok: true,
      identity: {
        atr: ATR,
        region: "320800",
        cardId: hex("320800D156000005160000018F385B8F"),
        version: "3.00",
        cardClass: undefined,
        algorithm: "sm4",
      },
    })
    expect(line.sent.slice(1)).toEqual(["00A4020002EF0500", "00B2010400", "00B2020400", "00B2030400"])
  })
})

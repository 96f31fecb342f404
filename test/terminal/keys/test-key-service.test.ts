import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import type { Algorithm } from "../../../src/crypto/index.js"
import { keyNamed } from "../../../src/dictionary/index.js"
import { testKeyService } from "../../../src/terminal/keys/index.js"
import { externalVectors, factors, internalVectors, ORIGINAL, secureVectors } from "./vectors.js"

const keys = testKeyService()
const ask = (key: string, algorithm: Algorithm) => ({ key: keyNamed(key), algorithm, factors })

describe("published test keys in software", () => {
  it.each(internalVectors)("proves what the card must answer (%s, %s)", async (_clause, algorithm, proof) => {
    const answer = await keys.internalAuthentication({
      ...ask("IRK", algorithm),
      factor: hex("1122334455667788"),
      original: hex(ORIGINAL),
    })
    expect(answer).toEqual({ ok: true, proof: hex(proof) })
  })

  it.each(externalVectors)("authenticates itself (%s, %s, %s)", async (_clause, algorithm, key, challenge, data) => {
    const answer = await keys.externalAuthentication({
      ...ask(key, algorithm),
      challenge: hex(challenge),
      previous: hex(ORIGINAL),
    })
    expect(answer).toEqual({ ok: true, data: hex(data) })
  })

  it.each(secureVectors)("makes a secure command (%s, %s, %s)", async (_clause, algorithm, header, data, ...rest) => {
    const [encipher, command] = rest
    const answer = await keys.secureCommand({
      ...ask("STKssse", algorithm),
      challenge: hex("C1C2C3C4C5C6C7C8"),
      header: hex(header),
      data: hex(data),
      encipher,
    })
    expect(answer.ok && toHex(answer.command)).toBe(command)
  })

  it("makes the other form of SM4 MAC when asked to (card-commands §9.5 S9)", async () => {
    const answer = await testKeyService({ sm4Mac: "left4" }).secureCommand({
      ...ask("STKssse", "sm4"),
      challenge: hex("C1C2C3C4C5C6C7C8"),
      header: hex("84240000"),
      data: new Uint8Array(0),
      encipher: false,
    })
    expect(answer.ok && toHex(answer.command)).toBe("842400000400120EB8")
  })

  it.each([
    ["factor", { factor: hex("11"), original: hex(ORIGINAL) }],
    ["original", { factor: hex("1122334455667788"), original: hex("11") }],
  ])("rejects a %s of wrong length", async (name, values) => {
    const answer = keys.internalAuthentication({ ...ask("IRK", "3des"), ...values })
    // The factor of a session key is a challenge to the cipher that takes it.
    await expect(answer).rejects.toThrow(name === "factor" ? /^challenge: / : /^original: /)
  })

  it.each([
    ["a class without secure messaging", "80240000", 0],
    ["a header that is too short", "842400", 0],
    ["more data than a short command takes", "84240000", 252],
  ])("rejects %s", async (_what, header, length) => {
    const answer = keys.secureCommand({
      ...ask("STKssse", "3des"),
      challenge: hex("C1C2C3C4C5C6C7C8"),
      header: hex(header),
      data: new Uint8Array(length),
      encipher: false,
    })
    await expect(answer).rejects.toThrow(RangeError)
  })
})

import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { keyNamed } from "../../../src/dictionary/index.js"
import { testKeyService } from "../../../src/terminal/keys/index.js"
import { factors } from "./vectors.js"

const request = {
  key: keyNamed("STKssse"),
  algorithm: "sm4",
  factors,
  challenge: hex("C1C2C3C4C5C6C7C8"),
  header: hex("84240000"),
  encipher: false,
} as const

describe("published test keys in software", () => {
  it.each([
    ["left4", "842400000400120EB8"],
    ["xor4", "8424000004555FD2C4"],
  ] as const)("make the form of SM4 MAC that is asked for: %s (card-commands §9.5 S9)", async (sm4Mac, command) => {
    const answer = await testKeyService({ sm4Mac }).secureCommand({ ...request, data: new Uint8Array(0) })
    expect(answer.ok && toHex(answer.command)).toBe(command)
  })

  it("reject more data than a short command takes", async () => {
    const answer = testKeyService().secureCommand({ ...request, data: new Uint8Array(252) })
    await expect(answer).rejects.toThrow(/^data/)
  })
})

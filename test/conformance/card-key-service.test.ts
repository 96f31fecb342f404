import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import type { Algorithm } from "../../src/crypto/index.js"
import { type CardKeyService, keyNamed } from "../../src/dictionary/index.js"
import { createKeyServer, type RunningKeyServer, startKeyServer } from "../../src/host/index.js"
import { hsmKeyService, memoryReader, openCard, samKeyService, testKeyService } from "../../src/terminal/index.js"
import { samCard, testStore } from "../support/sam-card.js"
import { externalVectors, factors, internalVectors, ORIGINAL, secureVectors } from "../terminal/keys/vectors.js"

let server: RunningKeyServer
beforeAll(async () => {
  server = await startKeyServer()
})
afterAll(() => server.close())

const bothEnvironments = () =>
  samCard({
    environments: [
      { algorithm: "3des", keys: testStore("3des") },
      { algorithm: "sm4", keys: testStore("sm4") },
    ],
  })

const SERVICES: readonly (readonly [string, () => CardKeyService | Promise<CardKeyService>])[] = [
  ["test keys in software", () => testKeyService()],
  ["a SAM", async () => samKeyService(await openCard(memoryReader(bothEnvironments())))],
  ["the HSM in process", () => createKeyServer()],
  ["the HSM over HTTP", () => hsmKeyService(server.url)],
]

const ask = (key: string, algorithm: Algorithm) => ({ key: keyNamed(key), algorithm, factors })
const EIGHT = hex(ORIGINAL)

describe.each(SERVICES)("card keys: %s", (_name, open) => {
  it.each(internalVectors)("proves what the card must answer (%s, %s)", async (_clause, algorithm, proof) => {
    const request = { ...ask("IRK", algorithm), factor: hex("1122334455667788"), original: EIGHT }
    expect(await (await open()).internalAuthentication(request)).toEqual({ ok: true, proof: hex(proof) })
  })

  it.each(externalVectors)("authenticates (%s, %s, %s)", async (_clause, algorithm, key, challenge, data) => {
    const request = { ...ask(key, algorithm), challenge: hex(challenge), previous: EIGHT }
    expect(await (await open()).externalAuthentication(request)).toEqual({ ok: true, data: hex(data) })
  })

  it.each(secureVectors)("makes a secure command (%s, %s, %s)", async (_clause, algorithm, header, data, ...rest) => {
    const [encipher, command] = rest
    const challenge = hex("C1C2C3C4C5C6C7C8")
    const request = { ...ask("STKssse", algorithm), challenge, header: hex(header), data: hex(data), encipher }
    const answer = await (await open()).secureCommand(request)
    expect(answer.ok && toHex(answer.command)).toBe(command)
  })

  it.each([
    ["factor", { factor: hex("11"), original: EIGHT }],
    ["original", { factor: EIGHT, original: hex("11") }],
  ])("rejects a %s of wrong length, and goes on", async (_what, values) => {
    const keys = await open()
    await expect(keys.internalAuthentication({ ...ask("IRK", "3des"), ...values })).rejects.toThrow(RangeError)
    expect(await keys.internalAuthentication({ ...ask("IRK", "3des"), factor: EIGHT, original: EIGHT })).toMatchObject({
      ok: true,
    })
  })

  it.each([
    ["a class without secure messaging", "80240000"],
    ["a header that is too short", "842400"],
  ])("rejects %s", async (_what, header) => {
    const request = { ...ask("STKssse", "3des"), challenge: EIGHT, header: hex(header), data: hex(""), encipher: false }
    await expect((await open()).secureCommand(request)).rejects.toThrow(RangeError)
  })
})

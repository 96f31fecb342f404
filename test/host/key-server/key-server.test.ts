import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hex, InputError } from "../../../src/apdu/index.js"
import { type Algorithm, testMasterKey } from "../../../src/crypto/index.js"
import { keyNamed } from "../../../src/dictionary/index.js"
import { createKeyServer, type KeyServerEvent } from "../../../src/host/index.js"
import { factors, internalVectors, ORIGINAL } from "../../terminal/keys/vectors.js"

const server = createKeyServer()
const ask = (key: string, algorithm: Algorithm) => ({ key: keyNamed(key), algorithm, factors })
const CODE = { "3des": "01", sm4: "03" } as const
const CARD = { aab301: "320800", aaz507: "00815431008660110816000001" }

describe("HSM service in process", () => {
  it.each([
    ["internalAuthentication", "RKssse"],
    ["internalAuthentication", "PUK"],
    ["externalAuthentication", "IRK"],
    ["externalAuthentication", "MKssse"],
    ["externalAuthentication", "DLK"],
    ["secureCommand", "MKssse"],
    ["secureCommand", "UKssse"],
    ["secureCommand", "DULK"],
  ] as const)("%s under %s is refused: the key is for something else", async (service, key) => {
    const eight = new Uint8Array(8)
    const answer = await server[service]({
      ...ask(key, "3des"),
      factor: eight,
      original: eight,
      challenge: eight,
      previous: eight,
      header: hex("84240000"),
      data: new Uint8Array(0),
      encipher: false,
    })
    expect(answer).toMatchObject({ ok: false, code: "KEY_REFUSED" })
  })

  it("serves the regions and keys that it was made for", async () => {
    const some = createKeyServer({
      regions: ["3208", "110000"],
      masterKey: (algorithm, key) => (key.name === "IRK" ? testMasterKey(algorithm, key.testId) : undefined),
    })
    const values = { factor: new Uint8Array(8), original: new Uint8Array(8) }
    const irk = ask("IRK", "3des")
    expect(await some.internalAuthentication({ ...irk, ...values })).toMatchObject({ ok: true })
    const elsewhere = { ...irk, factors: { ...factors, region: "440300" } }
    expect(await some.internalAuthentication({ ...elsewhere, ...values })).toMatchObject({ code: "KEY_UNKNOWN" })
    const challenges = { challenge: new Uint8Array(8), previous: new Uint8Array(8) }
    expect(await some.externalAuthentication({ ...ask("RKssse", "3des"), ...challenges })).toMatchObject({
      code: "KEY_UNKNOWN",
    })
  })

  it("tells of every use, and nothing that is secret", async () => {
    const events: KeyServerEvent[] = []
    const logged = createKeyServer({ onEvent: (event) => events.push(event) })
    const challenges = { challenge: hex("A1A2A3A4A5A6A7A8"), previous: hex(ORIGINAL) }
    await logged.externalAuthentication({ ...ask("RKssse", "3des"), ...challenges })
    await logged.externalAuthentication({ ...ask("DLK", "3des"), ...challenges })
    expect(events).toEqual([
      { type: "key-used", service: "externalAuthentication", key: "RKssse", region: "320800", outcome: "ok" },
      { type: "key-used", service: "externalAuthentication", key: "DLK", region: "320800", outcome: "KEY_REFUSED" },
    ])
  })
})

describe("requests in JSON (driver-api §6)", () => {
  it.each(internalVectors)("246, internal authentication (%s, %s)", async (_clause, algorithm, proof) => {
    const document = { serviceFlag: "246", ...CARD, sfbs: CODE[algorithm], sjs1: "1122334455667788", sjs2: ORIGINAL }
    expect(await server.call(document)).toEqual({ ok: true, data: proof })
  })

  it.each([
    ["004C", "A1A2A3A4A5A6A7A8", "2898438E02652C17"],
    ["004C0A", "A1A2A3A4A5A6A7A8", "2898438E02652C17"],
    ["0094", "B1B2B3B4B5B6B7B8", "0DE48E9A7E4B4C53"],
    ["0090", "D1D2D3D4D5D6D7D8", "194E6DE3C5E83C6C"],
    ["0097", "2021222324252627", "368A9CF7A345AB93"],
    ["01822D", "3031323334353637", "5177CB5B936B275E"],
  ])("244, external authentication by address %s (card-structure §16.4)", async (mydz, sjs1, proof) => {
    const document = { serviceFlag: "244", ...CARD, sfbs: "01", mydz, sjs1, sjs2: ORIGINAL }
    expect(await server.call(document)).toEqual({ ok: true, data: `${proof}${ORIGINAL}` })
  })

  it("a key without an address by its name, or as 0000 and its PSAM id", async () => {
    const document = { serviceFlag: "244", ...CARD, sfbs: "01", sjs1: ORIGINAL, sjs2: ORIGINAL }
    const named = await server.call({ ...document, key: "UK5DF01" })
    expect(named).toMatchObject({ ok: true })
    expect(await server.call({ ...document, mydz: "000044" })).toEqual(named)
  })

  it.each([
    ["STK", "F6CDF497"],
    ["PUK", undefined],
  ] as const)("245 at the PUK's address uses the %s, as it was made to (card-structure §16.4)", async (key, mac) => {
    const document = {
      serviceFlag: "245",
      ...CARD,
      sfbs: "01",
      mydz: "0090",
      sjs1: "C1C2C3C4C5C6C7C8",
      header: "84240001",
      data: "03123456",
      encipher: true,
    }
    const answer = await createKeyServer({ pinMessageKey: key }).call(document)
    expect(answer).toMatchObject({ ok: true, data: expect.stringMatching(/^842400010C[0-9A-F]{24}$/) })
    expect(answer.ok && answer.data.endsWith("F6CDF497")).toBe(mac !== undefined)
  })

  it("ignores the personal fields that a page sends along", async () => {
    const document = { serviceFlag: "246", ...CARD, sfbs: "01", sjs1: "1122334455667788", sjs2: ORIGINAL }
    const page = { BussinessType: "01", aac002: "999999199001011238", aac003: "测试", aaz500: "SB0000012", zdbm: "1" }
    expect(await server.call({ ...document, ...page })).toMatchObject({ ok: true })
  })

  it.each([
    ["SSF33", { sfbs: "02" }, "ALGORITHM_NOT_SUPPORTED"],
    ["an address that no key has", { mydz: "0001" }, "KEY_UNKNOWN"],
    ["address and PSAM id that disagree", { mydz: "004C10" }, "KEY_UNKNOWN"],
    ["a name that no key has", { key: "RKnone" }, "KEY_UNKNOWN"],
  ])("refuses %s", async (_, change, code) => {
    const document = { serviceFlag: "244", ...CARD, sfbs: "01", mydz: "004C", sjs1: ORIGINAL, sjs2: ORIGINAL }
    expect(await server.call({ ...document, ...change })).toMatchObject({ ok: false, code })
  })

  const external = { serviceFlag: "244", ...CARD, sfbs: "01", mydz: "004C", sjs1: ORIGINAL, sjs2: ORIGINAL }
  const secure = { ...external, serviceFlag: "245", header: "84240000" }
  it.each<[string, unknown]>([
    ["body", []],
    ["body", null],
    ["body", "text"],
    ["serviceFlag", { ...external, serviceFlag: "247" }],
    ["serviceFlag", { ...external, serviceFlag: 244 }],
    ["aab301", { ...external, aab301: undefined }],
    ["aab301", { ...external, aab301: "3208" }],
    ["aaz507", { ...external, aaz507: "0081" }],
    ["sfbs", { ...external, sfbs: "04" }],
    ["mydz", { ...external, mydz: "4C" }],
    ["key", { ...external, key: { name: "PUK" } }],
    ["sjs1", { ...external, sjs1: "01" }],
    ["sjs2", { ...external, sjs2: undefined }],
    ["header", { ...secure, header: "80240000" }],
    ["header", { ...secure, header: undefined }],
    ["data", { ...secure, data: "1" }],
    ["data", { ...secure, data: "00".repeat(252) }],
    ["data", { ...secure, data: "0412", encipher: true }],
    ["data", { ...secure, encipher: true }],
    ["encipher", { ...secure, encipher: "yes" }],
  ])("names %s when it is wrong, and does not repeat it", async (field, document) => {
    await expect(server.call(document)).rejects.toMatchObject({ code: "INVALID_INPUT", field })
  })

  it("answers whatever comes, or names what is wrong with it", async () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom("244", "245", "01", "03", "0090", ORIGINAL, CARD.aaz507),
      fc.json(),
    )
    const fields = [
      "serviceFlag",
      "aab301",
      "aaz507",
      "sfbs",
      "mydz",
      "key",
      "sjs1",
      "sjs2",
      "header",
      "data",
      "step",
      "output",
    ]
    const document = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom(...fields), value).map((some) => ({ ...secure, ...some })),
      fc.dictionary(fc.constantFrom(...fields), value).map((some) => ({ ...external, ...some })),
    )
    await fc.assert(
      fc.asyncProperty(document, async (json) => {
        for (const ask of [server.call, server.dialogue]) {
          const answer = await ask(json).catch((error: unknown) => error)
          if (!(answer instanceof InputError)) expect(answer).toHaveProperty("ok")
        }
      }),
      { numRuns: 300 },
    )
  })
})

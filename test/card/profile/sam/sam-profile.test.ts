import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { hex } from "../../../../src/apdu/index.js"
import {
  createCard,
  createCardFile,
  lintProfile,
  loadProfile,
  openCardFile,
  parseProfile,
  profileToSpec,
  setField,
} from "../../../../src/card/index.js"
import { keyNamed, samKeys } from "../../../../src/dictionary/index.js"
import { memoryReader, openCard, samClient, samKeyService } from "../../../../src/terminal/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import { send } from "../../../support/financial-card.js"
import { externalVectors, factors, internalVectors, ORIGINAL } from "../../../terminal/keys/vectors.js"

const psam = (changes: object = {}) => parseProfile({ extends: "psam", card: "sam", ...changes })
const keysOver = async (profile: Parameters<typeof createCard>[0]["profile"]) =>
  samKeyService(await openCard(memoryReader(createCard({ profile }))))
const ask = (key: string, algorithm: "3des" | "sm4" = "3des") => ({ key: keyNamed(key), algorithm, factors })
const irk = { ...ask("IRK"), factor: hex("1122334455667788"), original: hex(ORIGINAL) }

describe("profiles of a SAM", () => {
  it.each(["psam", "psam-sm4"])("%s comes along and is clean", (name) => {
    expect(lintProfile(loadProfile(name))).toEqual([])
  })

  it.each([
    ["psam", 0],
    ["psam-sm4", 1],
  ])("%s opens the cards of its algorithm (card-commands §9.4, §9.5)", async (name, vector) => {
    const keys = await keysOver(name)
    const [, algorithm, proof] = internalVectors[vector]!
    expect(await keys.internalAuthentication({ ...irk, algorithm })).toEqual({ ok: true, proof: hex(proof) })
    for (const [, alg, key, challenge, data] of externalVectors)
      expect(
        await keys.externalAuthentication({ ...ask(key, alg), challenge: hex(challenge), previous: hex(ORIGINAL) }),
      ).toMatchObject(alg === algorithm ? { ok: true, data: hex(data) } : { code: "ALGORITHM_NOT_SUPPORTED" })
  })

  it("holds every key that a SAM may hold (card-structure §16.4)", async () => {
    const client = samClient(await openCard(memoryReader(createCard({ profile: "psam" }))))
    await client.selectApplication("3des")
    expect(await client.findKeys()).toEqual(samKeys.map(({ psamUsage, psamId }) => ({ usage: psamUsage, id: psamId })))
  })

  it("may hold both algorithms", async () => {
    const keys = await keysOver(psam({ environments: ["3des", "sm4"] }))
    for (const [, algorithm, proof] of internalVectors)
      expect(await keys.internalAuthentication({ ...irk, algorithm })).toEqual({ ok: true, proof: hex(proof) })
  })

  it.each(["province", "city"])("may stand in a %s", async (level) => {
    const keys = await keysOver(psam({ keys: { test: true, level, region: "320800" } }))
    expect(await keys.internalAuthentication(irk)).toEqual({ ok: true, proof: hex("F4F14BF11083845F") })
    const values = { challenge: hex("A1A2A3A4A5A6A7A8"), previous: hex(ORIGINAL) }
    expect(await keys.externalAuthentication({ ...ask("RKssse"), ...values })).toEqual({
      ok: true,
      data: hex(`2898438E02652C17${ORIGINAL}`),
    })
  })

  it("may lack keys, as the SAM without RKssse of driver error -2203", async () => {
    const keys = await keysOver(psam({ keys: { test: true, without: ["RKssse"] } }))
    const values = { challenge: hex("A1A2A3A4A5A6A7A8"), previous: hex(ORIGINAL) }
    expect(await keys.externalAuthentication({ ...ask("RKssse"), ...values })).toMatchObject({ code: "KEY_UNKNOWN" })
    expect(await keys.internalAuthentication(irk)).toMatchObject({ ok: true })
  })

  it("may hold keys of its own, over the derived ones (financial-emv §12 V-A2)", () => {
    const own = [{ usage: "02", id: "01", value: "11223344556677888877665544332211" }]
    const card = createCard({ profile: psam({ terminalNumber: "001122334455", keys: { test: true, own } }) })
    card.powerOn()
    exchangeAll(card, ["00A4000002DF01"])
    expect(send(card, "80700000141122334400000000100006201202291351000101")).toBe("00000001F15CAB759000")
    const irkValue = "00".repeat(16)
    const other = profileToSpec(psam({ keys: { test: true, own: [{ usage: "67", id: "08", value: irkValue }] } }))
    const store = other.root.directories![0]!.keys!
    expect(store.filter(({ name }) => name === "67/08").map(({ value }) => value)).toEqual([hex(irkValue)])
  })

  it.each<[string, object, RegExp]>([
    ["keys.region", { keys: { test: true, level: "city" } }, /region of a SAM/],
    ["keys.without", { keys: { test: true, without: ["DLK"] } }, /may hold/],
    ["keys.test", { keys: { level: "master" } }, /missing|true/],
    [
      "keys.own[1]",
      {
        keys: {
          test: true,
          own: [
            { usage: "02", id: "01", value: "00".repeat(16) },
            { usage: "02", id: "01", value: "11".repeat(16) },
          ],
        },
      },
      /of its own/,
    ],
    ["terminalNumber", { terminalNumber: "1" }, /12 digits/],
    ["holder", { holder: {} }, /unknown field/],
  ])("names %s when it is wrong", (field, changes, message) => {
    expect(() => profileToSpec(psam(changes))).toThrow(message)
    expect(() => profileToSpec(psam(changes))).toThrow(expect.objectContaining({ field }))
  })

  it("does not repeat the value of a key that is wrong", () => {
    expect(() => psam({ keys: { test: true, own: [{ usage: "02", id: "01", value: "1122334455" }] } })).toThrow(
      /^keys\.own\[0\]\.value: (?!.*1122334455)/,
    )
  })

  it("warns of an answer to reset that terminals do not know a SAM by", () => {
    expect(lintProfile(psam({ atr: { hex: "3B6D000000815431008660110816000001" } }))).toMatchObject([
      { severity: "warning", field: "atr" },
    ])
  })

  it("changes by field", () => {
    expect(setField(loadProfile("psam"), "nextSequence", "7")).toMatchObject({ nextSequence: 7 })
    expect(setField(loadProfile("psam"), "options.sequenceStep", "credit")).toMatchObject({
      options: { sequenceStep: "credit" },
    })
  })
})

describe("a SAM kept in a file", () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  it("goes on counting its transactions", () => {
    const folder = mkdtempSync(join(tmpdir(), "shebao-sam-"))
    folders.push(folder)
    const path = join(folder, "sam.card.json")
    createCardFile(path, loadProfile("psam")).close()
    const purchase = `80700000240F1E2D3C000B0000100006201104011200000101${"8660110816000001"}${"3332303830307378"}`
    const numbers = ["", ""].map(() => {
      const file = openCardFile(path)
      file.card.powerOn()
      exchange(file.card, "00A4000002DF01")
      const answer = send(file.card, purchase)
      file.close()
      return answer.slice(0, 8)
    })
    expect(numbers).toEqual(["00000001", "00000002"])
  })
})

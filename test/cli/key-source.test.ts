import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { createCardFile, loadProfile } from "../../src/card/index.js"
import { openCardSource } from "../../src/cli/card-source.js"
import { type KeyArguments, keySourceKind, withKeys } from "../../src/cli/key-source.js"
import { createOutput } from "../../src/cli/output.js"
import { startKeyServer } from "../../src/host/index.js"
import { checkGenuine } from "../../src/terminal/index.js"

const output = createOutput({ language: "en", json: true })
const folder = mkdtempSync(join(tmpdir(), "shebao-keys-"))
afterAll(() => rmSync(folder, { recursive: true }))

describe("who holds the keys", () => {
  it.each<["profile" | "reader", KeyArguments, string | undefined]>([
    ["profile", {}, "test"],
    ["reader", {}, undefined],
    ["reader", { keys: "test" }, "test"],
    ["reader", { keys: "sam" }, "sam"],
    ["profile", { samProfile: "psam" }, "sam"],
    ["reader", { samReader: "1" }, "sam"],
    ["reader", { hsm: "http://127.0.0.1:8585" }, "hsm"],
    ["profile", { keys: "hsm", hsm: "http://127.0.0.1:8585" }, "hsm"],
  ])("beside a card by %s with %j: %s", (kind, args, expected) => {
    expect(keySourceKind(args, { kind })).toBe(expected)
  })

  it.each<KeyArguments>([
    { keys: "test", hsm: "http://127.0.0.1" },
    { keys: "hsm", samProfile: "psam" },
    { samCard: "x", hsm: "http://127.0.0.1" },
  ])("contradictions are errors: %j", (args) => {
    expect(() => keySourceKind(args, { kind: "profile" })).toThrow(expect.objectContaining({ field: "keys" }))
  })
})

/** Whether the card is genuine, by the keys that the options name. */
async function genuine(args: KeyArguments) {
  const card = await openCardSource({ profile: "employee" }, output)
  try {
    return await withKeys({ ...args, profile: "employee" }, card, output, async ({ kind, service, medical }) => {
      const { ok } = await checkGenuine(card.session, { keys: service })
      return { kind, ok, medical: medical !== undefined }
    })
  } finally {
    await card.close()
  }
}

describe("keys for a command", () => {
  it("are published test keys beside an emulated card", async () => {
    expect(await genuine({})).toEqual({ kind: "test", ok: true, medical: true })
  })

  it("are a SAM's: a fresh one of the card's algorithm, by profile, or in a file", async () => {
    const file = join(folder, "sam.card")
    createCardFile(file, loadProfile("psam")).close()
    for (const args of [{ keys: "sam" }, { samProfile: "psam" }, { samCard: file }, { samCard: file }] as const)
      expect(await genuine(args)).toEqual({ kind: "sam", ok: true, medical: true })
  })

  it("are the HSM's", async () => {
    const server = await startKeyServer()
    try {
      expect(await genuine({ hsm: server.url })).toEqual({ kind: "hsm", ok: true, medical: false })
    } finally {
      await server.close()
    }
    expect(await genuine({ hsm: server.url })).toMatchObject({ ok: false })
  })

  it("must be named beside a card in a reader: a wrong key would cost it a try", async () => {
    const card = { ...(await openCardSource({ profile: "employee" }, output)), kind: "reader" as const }
    const asked = withKeys({ reader: "0" }, card, output, async () => undefined)
    await expect(asked).rejects.toMatchObject({ field: "keys" })
    await card.close()
  })

  it.each<[string, KeyArguments]>([
    ["hsm", { hsm: "localhost:8585" }],
    ["sam", { samProfile: "employee" }],
    ["sam", { samProfile: "psam", samCard: "x" }],
  ])("names --%s when it is wrong", async (field, args) => {
    await expect(genuine(args)).rejects.toMatchObject({ field })
  })
})

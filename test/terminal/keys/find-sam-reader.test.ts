import { describe, expect, it } from "vitest"
import { createCard, parseProfile } from "../../../src/card/index.js"
import { type MemoryReader, memoryReader, openCard, type ReaderSystem } from "../../../src/terminal/index.js"
import { findSamReader } from "../../../src/terminal/keys/index.js"

/** Several memory readers as one system, as PC/SC shows them. */
function system(...readers: MemoryReader[]): ReaderSystem & { readonly connected: string[] } {
  const connected: string[] = []
  return {
    name: "memory",
    connected,
    readers: async () => (await Promise.all(readers.map((reader) => reader.readers()))).flat(),
    watch: () => Promise.reject(new Error("nobody watches")),
    connect(name, options) {
      connected.push(name)
      return readers.find(({ reader }) => reader === name)!.connect(name, options)
    },
    close: async () => undefined,
  }
}

const reader = (name: string, profile?: Parameters<typeof createCard>[0]["profile"]) =>
  memoryReader(profile === undefined ? undefined : createCard({ profile }), { name })
/** A SAM that does not look like one. */
const disguised = (extended: string) =>
  parseProfile({ extends: extended, card: "sam", atr: { hex: "3B6D000000815431008660110816000001" } })

describe("which reader holds the SAM (readers §4)", () => {
  it("the one that is named", async () => {
    const all = system(reader("User", "employee"), reader("Slot 1", "psam"), reader("Slot 2", "psam-sm4"))
    expect(await findSamReader(all, "User", "Slot 2")).toBe("Slot 2")
    await expect(findSamReader(all, "User", "Slot 9")).rejects.toMatchObject({ code: "READER_NOT_FOUND" })
  })

  it("the one whose card looks like it; no card is asked then", async () => {
    const all = system(reader("User", "employee"), reader("Slot 1"), reader("Slot 2", "psam"))
    expect(await findSamReader(all, "User")).toBe("Slot 2")
    expect(all.connected).toEqual([])
  })

  it.each(["psam", "psam-sm4"])("the one whose card answers like it: a disguised %s", async (profile) => {
    const all = system(
      reader("User", "employee"),
      reader("Empty"),
      reader("Slot 1", "retiree"),
      reader("Slot 2", disguised(profile)),
    )
    expect(await findSamReader(all, "User")).toBe("Slot 2")
    expect(all.connected).toEqual(["Slot 1", "Slot 2"])
  })

  it("none: the user card is never asked, nor one that another program holds", async () => {
    const held = reader("Held", disguised("psam"))
    const all = system(reader("User", disguised("psam")), held)
    const holder = await openCard(held, { share: "exclusive" })
    expect(await findSamReader(all, "User")).toBeUndefined()
    expect(all.connected).toEqual([])
    await holder.close()
    expect(await findSamReader(all, "User")).toBe("Held")
  })
})

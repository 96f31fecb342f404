import { describe, expect, it } from "vitest"
import { createCard } from "../../../src/card/index.js"
import { joinHolderName } from "../../../src/dictionary/index.js"
import { memoryReader, openCard, readCard, testKeyService } from "../../../src/terminal/index.js"
import { socialSecurityProfiles } from "../../support/profiles.js"

const BLOCKED = new Set(["cardBlocked"])
const readable = socialSecurityProfiles().filter(({ state }) => !BLOCKED.has(state))

async function read(name: string, pin?: string) {
  const reader = memoryReader(createCard({ profile: name, seed: name }))
  try {
    const session = await openCard(reader)
    return await readCard(session, { all: true, keys: testKeyService(), ...(pin !== undefined && { pin }) })
  } finally {
    await reader.close()
  }
}

describe("the card of every bundled profile", () => {
  it.each(readable.map((profile) => [profile.name, profile] as const))("%s is read whole", async (name, profile) => {
    // At a distance a card takes no PIN (card-structure §3.3).
    const locked = profile.pin.triesLeft === 0 || profile.atr.contactless === true
    const reading = await read(name, locked ? undefined : profile.pin.value)
    if (!reading.ok) throw new Error(reading.code)
    expect(reading.pin).toBeUndefined()
    expect(reading.person.version).toBe(profile.specVersion)
    const values = new Map(
      reading.directories.flatMap(({ directory, files }) =>
        files.flatMap((file) =>
          file.values.map(({ field, value }) => [`${directory.name}.${field.id}`, value] as const),
        ),
      ),
    )
    expect(values.get("SSSE.cardNumber")).toBe(profile.issuer.cardNumber)
    if (profile.personKind === "employer") {
      expect(values.get("SSSE.cardClass")).toBe("2")
      return
    }
    const [name1, nameExtension] = [values.get("SSSE.name"), values.get("SSSE.nameExtension")] as string[]
    expect(joinHolderName({ name: name1!, ...(nameExtension !== undefined && { nameExtension }) })).toBe(
      profile.holder.name,
    )
    expect(values.get("SSSE.socialSecurityNumber")).toBe(profile.holder.socialSecurityNumber)
    if (!locked && profile.fields["DF01.phone"] !== undefined)
      expect(values.get("DF01.phone")).toBe(profile.fields["DF01.phone"])
  })

  it("employee-blocked refuses every command", () => {
    const card = createCard({ profile: "employee-blocked" })
    card.powerOn()
    for (const command of [
      [0x00, 0xa4, 0x00, 0x00, 0x00],
      [0x00, 0x84, 0x00, 0x00, 0x08],
      [0x00, 0xb2, 0x01, 0x0c, 0x00],
    ])
      expect([...card.process(Uint8Array.from(command))]).toEqual([0x6a, 0x81])
  })
})

describe("a rare name", () => {
  it("goes on in the extension", async () => {
    const reading = await read("employee-rare-name")
    if (!reading.ok) throw new Error(reading.code)
    const { name, nameExtension } = reading.person.values as Record<string, string>
    expect(name).toMatch(/^测试喆堃·/)
    expect(nameExtension).toMatch(/煊$/)
  })
})

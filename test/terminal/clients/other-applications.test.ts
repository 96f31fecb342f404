import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { createCard } from "../../../src/card/index.js"
import { readPaymentApplications, readPki } from "../../../src/terminal/clients/other-applications.js"
import { memoryReader, openCard } from "../../../src/terminal/index.js"
import { scriptedLine } from "../support/lines.js"

describe("the public part of the PKI application (card-structure §12)", () => {
  it("gives the key without its head, a certificate without padding, and what is refused or not written", async () => {
    const key = "AB".repeat(0x40)
    const certificate = "30820004DEADBEEF"
    const line = scriptedLine([
      "9000",
      "9000",
      "9000",
      `0040${key}9000`,
      "6B00",
      "9000",
      `${certificate}${"00".repeat(16)}9000`,
      "6B00",
      "6A82",
    ])
    const { objects, refusal } = await readPki(line)
    expect(refusal).toBeUndefined()
    expect(objects).toMatchObject([
      { id: "signaturePublicKey", content: hex(key) },
      { id: "signatureCertificate", content: hex(certificate) },
      { id: "encryptionCertificate", refusal: 0x6a82 },
    ])
    expect(line.sent.slice(0, 3)).toEqual([
      "00A404000C504B492EC9E7BBE1B1A3D5CF00",
      "00A404000C53532E434552542E4144463100",
      "00A4000002001200",
    ])
  })

  it("has nothing where nothing was written", async () => {
    const line = scriptedLine(["9000", "9000", "9000", `${"00".repeat(8)}9000`, "6B00", "6A82", "6A82"])
    expect((await readPki(line)).objects[0]).not.toHaveProperty("content")
  })

  it("is not on a card of version 2.00", async () => {
    const session = await openCard(memoryReader(createCard({ profile: "employee" })))
    expect(await readPki(session)).toEqual({ refusal: 0x6a82, objects: [] })
  })
})

describe("payment applications", () => {
  it("are listed by their public names, with the state that SELECT tells", async () => {
    const list = async (profile: string) => {
      const session = await openCard(memoryReader(createCard({ profile })))
      return readPaymentApplications(session)
    }
    const common = { aid: hex("A000000333010101"), label: "PBOC DEBIT", preferredName: "SHEBAO CARD" }
    expect(await list("employee")).toEqual([{ ...common, statusWord: 0x6283 }])
    expect(await list("employee-active")).toEqual([{ ...common, statusWord: 0x9000 }])
    expect(await list("employer")).toEqual([])
  })

  it("are none on a card that answers nonsense", async () => {
    expect(await readPaymentApplications(scriptedLine(["6D00"], { repeatLast: true }))).toEqual([])
  })
})

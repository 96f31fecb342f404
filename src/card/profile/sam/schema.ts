import { z } from "zod"
import { cardOptions, digits, hexBytes, profileHead, testKeys, text, tries } from "../schema-parts.js"

const usage = hexBytes(1, "Usage byte: b8-b6 diversification levels, b5-b1 type of key")
const id = hexBytes(1, "Key identifier, or version of a passbook key")

const keys = z
  .strictObject({
    test: testKeys,
    level: z
      .enum(["master", "province", "city"])
      .default("master")
      .describe("Where the SAM stands: with the master keys, or with those derived for its province or city"),
    region: digits(6, 6, "City of the SAM, GB/T 2260; needed for the levels province and city").optional(),
    without: z.array(z.string()).default([]).describe("Card keys that the SAM does not hold, by name: RKssse"),
    own: z
      .array(z.strictObject({ usage, id, value: hexBytes(16, "Test key") }))
      .default([])
      .describe("Further keys, or other values of those that are derived"),
  })
  .prefault({ test: true })
  .describe("Key store: the published test masters of every card key that a SAM may hold, and what differs")

const options = z
  .strictObject({
    ...cardOptions,
    factorOrder: z
      .enum(["cardFirst", "masterFirst"])
      .default("cardFirst")
      .describe("Order of diversification factors in commands"),
    sequenceStep: z
      .enum(["initialise", "credit"])
      .default("initialise")
      .describe("What moves the terminal transaction number on: 8070 INIT or 8072 CREDIT FOR PURCHASE"),
    sm4Mac: z.enum(["xor4", "left4"]).default("xor4").describe("How an SM4 MAC becomes four bytes"),
  })
  .prefault({})
  .describe("How the SAM presents itself")

/** Schema of a profile of a SAM. */
export const samSchema = z.strictObject({
  card: z.literal("sam").describe("Kind of card"),
  ...profileHead,
  environments: z
    .array(z.enum(["3des", "sm4"]))
    .min(1, "expected 3des, sm4 or both")
    .max(2)
    .describe("Environments with a key store each; default that of the algorithm")
    .optional(),
  terminalNumber: digits(12, 12, "Terminal number, EF0016"),
  serial: text("20 hexadecimal digits", /^[0-9A-Fa-f]{20}$/, "Serial number of the SAM"),
  version: hexBytes(1, "Version of the SAM").default("01"),
  keyType: hexBytes(1, "Type of the key card").default("00"),
  issuerData: hexBytes(2, "Issuer's own FCI data").default("0000"),
  nextSequence: z.int().min(0).max(0xffffffff).default(1).describe("Terminal transaction number of the next purchase"),
  purchaseTries: tries("Wrong MAC2 values in a row that lock a debit key").min(1).default(3),
  keys,
  options,
})

/** A profile of a SAM, with every default filled in. */
export type SamProfile = z.output<typeof samSchema>

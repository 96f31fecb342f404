import { z } from "zod"
import { digits, hexBytes, hexText, testKeys, tries } from "../schema-parts.js"

const pkiPin = (length: number, initial: string, description: string) =>
  z
    .strictObject({
      value: digits(length, length, "The PIN").default(initial),
      tries: tries("Tries after a success, 1 to 15").min(1).default(6),
      triesLeft: tries("Tries left now; as many as tries where absent").optional(),
    })
    .prefault({})
    .describe(description)

/** The PKI section of a profile. */
export const pki = z
  .strictObject({
    userPin: pkiPin(6, "123456", "User PIN, which signing asks for"),
    adminPin: pkiPin(8, "12345678", "Administrator PIN, which writing asks for"),
    masterKey: z
      .strictObject({
        tries: tries("Tries after a success").min(1).default(3),
        triesLeft: tries("Tries left now").optional(),
      })
      .prefault({})
      .describe("Counter of the master key MKpki"),
    keys: z
      .strictObject({
        test: testKeys,
        master: hexBytes(16, "MKpki; default the transport key").optional(),
        signature: hexBytes(32, "SM2 private key for signing, as if the card had made it").optional(),
        encryption: hexBytes(32, "SM2 private key for deciphering").optional(),
      })
      .optional()
      .describe("Keys that the card has from the start"),
    certificates: z
      .strictObject({
        signature: hexText("Certificate of the signature key, DER").optional(),
        encryption: hexText("Certificate of the encryption key, DER").optional(),
      })
      .prefault({}),
  })
  .describe("PKI application of cards of version 3.00")

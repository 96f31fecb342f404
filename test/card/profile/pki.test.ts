import { describe, expect, it } from "vitest"
import { lintProfile, parseProfile, profileToSpec } from "../../../src/card/index.js"

const profile = (pki: object, more: object = {}) =>
  parseProfile({ extends: "employee", specVersion: "3.00", algorithm: "sm4", pki, ...more })

const findings = (pki: object, more: object = {}) =>
  lintProfile(profile(pki, more))
    .filter(({ field }) => field.startsWith("pki"))
    .map(({ field, severity }) => [field, severity])

const KEY = "11".repeat(32)

describe("the section pki of a profile", () => {
  it("may be empty: the initial PINs and the transport key", () => {
    const spec = profileToSpec(profile({}))
    const pki = spec.root.directories!.find(({ name }) => name === "PKI")!
    expect(pki.keys!.map(({ name, tries, triesLeft }) => [name, tries, triesLeft])).toEqual([
      ["MKpki", 3, 3],
      ["pkiAdminPin", 6, 6],
      ["pkiUserPin", 6, 6],
    ])
    expect(findings({})).toEqual([])
  })

  it("may be absent: no application", () => {
    const spec = profileToSpec(parseProfile({ extends: "employee" }))
    expect(spec.root.directories!.map(({ name }) => name)).not.toContain("PKI")
  })

  it("is found odd on cards of another version, with counters above their limit, with certificates of no key", () => {
    expect(findings({}, { specVersion: "2.00", algorithm: "3des" })).toEqual([["pki", "warning"]])
    expect(findings({ userPin: { tries: 3, triesLeft: 4 } })).toEqual([["pki.userPin.triesLeft", "error"]])
    expect(findings({ certificates: { signature: "3000" } })).toEqual([["pki.certificates.signature", "warning"]])
    expect(findings({ keys: { test: true, signature: KEY }, certificates: { signature: "3000" } })).toEqual([])
  })

  it.each([
    ["a private key that is none", { keys: { test: true, signature: "00".repeat(32) } }, "pki.keys.signature"],
    [
      "a certificate that is too long",
      { certificates: { encryption: "30".repeat(0x801) } },
      "pki.certificates.encryption",
    ],
  ])("names %s", (_, pki, field) => {
    expect(() => profileToSpec(profile(pki))).toThrow(field)
    expect(findings(pki)).toContainEqual([field, "error"])
  })

  it.each([
    ["a user PIN of five digits", { userPin: { value: "12345" } }, "pki.userPin.value"],
    ["an administrator PIN of six digits", { adminPin: { value: "123456" } }, "pki.adminPin.value"],
    ["keys that are not marked as test keys", { keys: { signature: KEY } }, "pki.keys.test"],
  ])("refuses %s", (_, pki, field) => {
    expect(() => profile(pki)).toThrow(field)
  })
})

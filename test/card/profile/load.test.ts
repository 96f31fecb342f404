import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { InputError, toHex } from "../../../src/apdu/index.js"
import {
  asSocialSecurityProfile,
  bundledProfiles,
  lintProfile,
  loadProfile,
  parseProfile,
  profileAtr,
} from "../../../src/card/profile/index.js"
import { fieldsOf, findDirectory, socialSecurityTables } from "../../../src/dictionary/index.js"
import { isPerson, personProfile, socialSecurityProfiles } from "../../support/profiles.js"

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "shebao-profile-"))
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

function write(name: string, content: unknown): string {
  const path = join(directory, name)
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content))
  return path
}

/** A whole profile as JSON, with changes. */
function whole(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...structuredClone(loadProfile("employee")), ...changes }
}

function messageOf(json: unknown): string {
  return errorOf(json).message
}

function errorOf(json: unknown): InputError {
  try {
    parseProfile(json)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return error as InputError
  }
  throw new Error("expected an InputError")
}

/** What is odd about the profiles that are made to be odd. */
const WARNINGS: Readonly<Record<string, readonly string[]>> = {
  "employee-blocked": ["warning state"],
  "employee-expired": ["warning issuer.expiryDate", "warning financial.expiry"],
  "employee-pin-locked": ["warning pin.triesLeft"],
}

describe("bundled profiles", () => {
  it.each(bundledProfiles())("%s loads, and the linter says no more than what it is for", (name) => {
    const profile = loadProfile(name)
    expect(profile.name).toBe(name)
    const findings = lintProfile(profile, { today: "20260101" })
    expect(findings.map(({ severity, field }) => `${severity} ${field}`)).toEqual(WARNINGS[name] ?? [])
  })

  it("are there for every kind of holder and version, with 3DES and SM4 where a version has both", () => {
    const kinds = socialSecurityProfiles().map(
      ({ personKind, specVersion, algorithm }) => `${personKind} ${specVersion} ${algorithm}`,
    )
    for (const kind of ["employee", "retiree"]) expect(kinds).toContain(`${kind} 1.00 3des`)
    for (const kind of ["employee", "unemployed", "retiree", "employer"]) expect(kinds).toContain(`${kind} 2.00 3des`)
    for (const kind of ["employee", "unemployed", "employer"]) expect(kinds).toContain(`${kind} 3.00 sm4`)
    for (const kind of ["employee", "retiree"]) expect(kinds).toContain(`${kind} 3.00 3des`)
  })

  it("have serials, numbers and PANs of their own", () => {
    const profiles = socialSecurityProfiles().filter(isPerson)
    for (const of of [
      (profile: (typeof profiles)[number]) => toHex(profileAtr(profile)),
      (profile: (typeof profiles)[number]) => profile.holder.socialSecurityNumber,
      (profile: (typeof profiles)[number]) => profile.issuer.cardNumber,
      (profile: (typeof profiles)[number]) => profile.financial?.pan ?? profile.name,
    ])
      expect(new Set(profiles.map(of)).size).toBe(profiles.length)
  })

  it("are all of invented people", () => {
    for (const { synthetic, holder } of socialSecurityProfiles().filter(isPerson)) {
      expect(synthetic).toBe(true)
      expect(holder.socialSecurityNumber).toMatch(/^999999/)
    }
  })

  it("give holder and issuer fields the ids of the dictionary", () => {
    const ssse = findDirectory(socialSecurityTables("2.00"), "SSSE")
    const ids = (file: string) => fieldsOf(ssse.files.find(({ id }) => id === file)!).map(({ id }) => id)
    const { holder, issuer } = personProfile("employee")
    for (const id of Object.keys(holder)) expect(ids("holder")).toContain(id)
    for (const id of Object.keys(issuer)) expect(ids("issuer")).toContain(id)
  })
})

describe("loading", () => {
  it("takes a file by its path", () => {
    expect(loadProfile(write("mine.json", whole({ name: "mine" }))).name).toBe("mine")
  })

  it.each([
    [
      "a name that nobody has",
      "nobody",
      /profile: expected one of employee, .* or a JSON file that can be read, got nobody/,
    ],
    ["a file that is not there", "./nothing.json", /profile: expected one of/],
  ])("refuses %s", (_, name, message) => {
    expect(() => loadProfile(name)).toThrow(message)
  })

  it("says what is wrong with a file that is no JSON", () => {
    expect(() => loadProfile(write("bad.json", "{"))).toThrow(/profile: expected JSON in .*bad\.json/)
  })

  it.each([
    ["null", null],
    ["a list", []],
    ["text", "employee"],
    ["a number", 5],
  ])("refuses %s", (_, json) => {
    expect(messageOf(json)).toMatch(/^profile: expected object/)
  })

  it("gives the same profile again when it reads what it gave", () => {
    expect(parseProfile(loadProfile("unemployed"))).toEqual(loadProfile("unemployed"))
  })
})

describe("extends", () => {
  it("merges objects field by field and replaces single values and lists", () => {
    const profile = asSocialSecurityProfile(
      parseProfile({
        extends: "unemployed",
        name: "mine",
        holder: { name: "测试十号" },
        fields: { "DF02.employmentRecord": [] },
      }),
    )
    const base = personProfile("unemployed")
    expect(profile.name).toBe("mine")
    expect(isPerson(profile) && profile.holder).toEqual({ ...base.holder, name: "测试十号" })
    expect(profile.fields).toEqual({ ...base.fields, "DF02.employmentRecord": [] })
  })

  it("finds files relative to the profile that names them, through several of them", () => {
    mkdirSync(join(directory, "deeper"))
    write("base.json", { extends: "employee", name: "base", pin: { value: "111222" } })
    write("deeper/middle.json", { extends: "../base.json", name: "middle" })
    const profile = loadProfile(write("top.json", { extends: "deeper/middle.json", pin: { tries: 3 } }))
    expect(profile).toMatchObject({ name: "middle", pin: { value: "111222", tries: 3 } })
  })

  it("refuses profiles that extend one another", () => {
    write("a.json", { extends: "./b.json" })
    expect(() => loadProfile(write("b.json", { extends: "./a.json" }))).toThrow(
      /extends: expected profiles that do not/,
    )
  })

  it("refuses a base that is no name", () => {
    expect(messageOf({ extends: 7 })).toBe("extends: expected the name or file of a profile, got number")
  })
})

describe("a wrong field is named, with what came and what was expected", () => {
  const financial = personProfile("employee").financial!
  it.each<[string, Record<string, unknown>, string]>([
    ["a field that nobody knows", { colour: "red" }, "colour: unknown field"],
    ["one deeper down", { holder: { ...personProfile("employee").holder, age: 35 } }, "holder.age: unknown field"],
    ["a region", { region: "32080" }, 'region: expected 6 digits, got "32080"'],
    [
      "a kind of holder",
      { personKind: "student" },
      'personKind: expected "employee" or "unemployed" or "retiree" or "employer", got "student"',
    ],
    ["a missing field", { issuer: { cardNumber: "SB0000012" } }, "issuer.issueDate: missing; expected string"],
    ["a type", { options: { externalAuthP2Zero: "yes" } }, 'options.externalAuthP2Zero: expected boolean, got "yes"'],
    [
      "an amount",
      { medical: { cia: "12.345", year: "2025" } },
      'medical.cia: expected an amount in yuan such as 500 or 500.00, got "12.345"',
    ],
    ["a number of tries", { pin: { value: "123456", tries: 16 } }, "pin.tries: expected at most 15, got a number"],
    ["a path", { fields: { household: "x" } }, "fields.household: expected a path such as DF01.householdAddress"],
    [
      "a field value",
      { fields: { "DF01.phone": true } },
      "fields.DF01.phone: expected text, a number, an object, or a list of them, got true",
    ],
    [
      "a list",
      { medical: { year: "2025", p1p2: { cia: [] } } },
      "medical.p1p2.cia: expected at least 1 entries, got a list",
    ],
    ["keys that nobody marked as test keys", { keys: { values: {} } }, "keys.test: missing; expected true"],
  ])("%s", (_, changes, message) => {
    expect(messageOf(whole(changes))).toBe(message)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ["PIN", { pin: { value: "12x456" } }, "pin.value: expected 4 to 12 digits, got 6 characters"],
    [
      "identity number",
      { holder: { ...personProfile("employee").holder, socialSecurityNumber: "99999919900101" } },
      "holder.socialSecurityNumber: expected 18 characters, got 14 characters",
    ],
    [
      "key",
      { keys: { test: true, values: { RKssse: "001122" } } },
      "keys.values.RKssse: expected 32 hexadecimal digits, got 6 characters",
    ],
    [
      "PAN",
      { financial: { ...financial, pan: "621700000000000004X" } },
      "financial.pan: expected 13 to 19 digits, got 19 characters",
    ],
  ])("but the value of a %s is not repeated", (_, changes, message) => {
    expect(messageOf(whole(changes))).toBe(message)
  })
})

describe("a wrong field is named in Chinese too", () => {
  it.each<[Record<string, unknown>, string]>([
    [{ colour: "red" }, "colour:没有这个字段"],
    [{ region: "32080" }, 'region:应为6位数字,收到"32080"'],
    [{ personKind: "student" }, 'personKind:应为"employee"或"unemployed"或"retiree"或"employer",收到"student"'],
    [{ issuer: { cardNumber: "SB0000012" } }, "issuer.issueDate:缺少;应为文本"],
    [{ options: { externalAuthP2Zero: "yes" } }, 'options.externalAuthP2Zero:应为true或false,收到"yes"'],
    [{ options: { shortLe: "61" } }, 'options.shortLe:应为"6c"或"cut",收到"61"'],
    [{ medical: { cia: "12.345", year: "2025" } }, 'medical.cia:应为以元为单位的金额,如500或500.00,收到"12.345"'],
    [{ pin: { value: "123456", tries: 16 } }, "pin.tries:应为最多15,收到数字"],
    [{ fields: { household: "x" } }, "fields.household:应为形如DF01.householdAddress的路径"],
    [{ fields: { "DF01.phone": true } }, "fields.DF01.phone:应为文本、数字、对象或其列表,收到true"],
    [{ medical: { year: "2025", p1p2: { cia: [] } } }, "medical.p1p2.cia:应为至少1项,收到列表"],
    [{ keys: { values: {} } }, "keys.test:缺少;应为true"],
    [{ pin: { value: "12x456" } }, "pin.value:应为4至12位数字,收到6个字符"],
  ])("%j", (changes, message) => {
    expect(errorOf(whole(changes)).messageZh).toBe(message)
  })
})

describe("a kind of card that does not exist", () => {
  it("is named in both languages", () => {
    const { message, messageZh } = errorOf(whole({ card: "bus" }))
    expect(message).toMatch(/^card: expected "social-security" or .* got "bus"$/)
    expect(messageZh).toMatch(/^card:应为 social-security、.* 之一,收到 "bus"$/)
  })
})

describe("what contradicts itself is refused", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["an employer's card without the employer", { personKind: "employer" }, "employer: missing; expected object"],
    [
      "SM4 before the third generation",
      { algorithm: "sm4" },
      'algorithm: expected "3des" on a card of version 2.00, got "sm4"',
    ],
  ])("%s", (_, changes, message) => {
    expect(messageOf(whole(changes))).toBe(message)
  })
})

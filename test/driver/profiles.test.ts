import { describe, expect, it } from "vitest"
import { createCard } from "../../src/card/index.js"
import { createDriver, type DriverOptions } from "../../src/driver/index.js"
import { memoryReader, scriptedKeypad, testKeyService } from "../../src/terminal/index.js"
import { socialSecurityProfiles } from "../support/profiles.js"
import { backOffice } from "./support.js"

const driverFor = (profile: string, options: DriverOptions = {}, pins: readonly string[] = []) =>
  createDriver({
    contact: { readers: memoryReader(createCard({ profile, seed: "driver" })) },
    keys: testKeyService(),
    keypad: scriptedKeypad(pins),
    ...options,
  })

const KEY_AUTH = 2

describe("iReadCardBas over every card that comes along", () => {
  const profiles = socialSecurityProfiles().filter(({ name }) => name !== "employee-blocked")

  it.each(profiles.map((profile) => [profile.name, profile] as const))("%s", async (name, profile) => {
    const { code, out } = await driverFor(name).iReadCardBas(3)
    const fields = out.split("|")
    expect([code, fields.length, fields.at(-1)]).toEqual([0, 12, ""])
    const holder = profile.personKind === "employer" ? profile.employer : profile.holder
    const [id, holderName] =
      "unifiedSocialCreditCode" in holder
        ? [holder.unifiedSocialCreditCode, holder.employerName]
        : [holder.socialSecurityNumber, holder.name + (holder.nameExtension ?? "")]
    const { cardNumber, issueDate, expiryDate } = profile.issuer
    expect([0, 1, 2, 4, 6, 7, 8].map((at) => fields[at])).toEqual([
      profile.region,
      id,
      cardNumber,
      holderName,
      profile.specVersion,
      issueDate,
      expiryDate,
    ])
    expect(fields[3]).toMatch(new RegExp(`^${profile.region}D156000005[0-9A-F]{16}$`))
    expect(fields[5]).toMatch(/^[0-9A-F]{26}$/)
  })

  it("answers -27265 for a card that is blocked for ever", async () => {
    expect(await driverFor("employee-blocked").iReadCardBas(3)).toMatchObject({ code: -27265 })
  })
})

describe("an employer's card (card-structure §14)", () => {
  it.each([
    ["employer", "测试示例有限公司"],
    ["employer-v3", "测试示例科技股份有限公司"],
  ])("%s has files of its own", async (name, employerName) => {
    const driver = driverFor(name)
    const { code, out } = await driver.iReadCard(1, KEY_AUTH, "||", "DF03EF06|61|62|63|$DF01EF05|27|$")
    expect([code, out]).toEqual([0, "202510|42|336000.00|$223000|$"])
    expect(await driver.iReadCard(1, KEY_AUTH, "||", "SSSEEF06|09|$")).toEqual({
      code: 0,
      out: `${employerName}|$`,
    })
    expect(await driver.iWriteCard(1, "||", "DF03EF06|62|65|$", "43|112560.5|$")).toEqual({ code: 0, out: "" })
    expect(await driver.iReadCard(1, KEY_AUTH, "||", "DF03EF06|62|65|$")).toEqual({ code: 0, out: "43|112560.50|$" })
  })

  it("of version 3.00 needs to be named where only the back office has the keys", async () => {
    const step = (options: DriverOptions) =>
      driverFor("employer-v3", { keys: undefined as never, ...options }).iReadCard_HSM_Step1(1, "||", "DF01EF05|27|$")
    expect(await step({})).toMatchObject({ code: -27267 })
    expect(await step({ tables: { holder: "employer" } })).toMatchObject({ code: 0 })
  })
})

describe("a region's own files (card-structure §11)", () => {
  it.each([
    ["by the region of the card", {}],
    ["as the driver is told", { tables: { local: "jiangsu" } } as const],
  ])("are read and written, %s", async (_, options: DriverOptions) => {
    const driver = driverFor("employee-jiangsu", options, ["123456"])
    expect(await driver.iReadCard(1, KEY_AUTH, "||", "SSSEEF0D|EA|EB|$DF05EF05|A2|A3:01|AB|$DF06EF05|C0|C3|$")).toEqual(
      {
        code: 0,
        out: "JS0000000026|320800|$0401|JS32080000000001,0401|20200630|$测试示例有限公司|11,20120701,,,201207|$",
      },
    )
    expect(await driver.iWriteCard(1, "||", "SSSEEF0D|EC|$", "2|$")).toEqual({ code: 0, out: "" })
    expect(await driver.iReadCard(1, KEY_AUTH, "||", "SSSEEF0D|EC|$")).toEqual({ code: 0, out: "2|$" })
  })

  it("are not found on a card that does not have them (-27266)", async () => {
    for (const profile of ["employee", "employer"])
      expect(await driverFor(profile).iReadCard(1, KEY_AUTH, "||", "SSSEEF0D|EA|$")).toMatchObject({ code: -27266 })
  })
})

describe("instant issue of a blank 3.00 card (card-commands §14.7)", () => {
  it("goes by the driver alone", async () => {
    const driver = driverFor("employee-v3-blank", { keys: undefined as never })
    const office = backOffice(testKeyService(), "00815431008660250701000027")
    const write = async (fileAddr: string, writeData: string) => {
      const { out } = await driver.iWriteCard_HSM_Step1(1, "||", fileAddr)
      return driver.iWriteCard_HSM_Step2(await office.authenticate(out), writeData)
    }
    const holder = "999999199001010016|测试新卡|2|01|19900101|$"
    expect(await write("SSSEEF06|08|09|0A|0B|0D|$", holder)).toEqual({ code: 0, out: "" })
    expect(await write("SSSEEF05|05|06|07|$", "20260101|20351231|S00000020|$")).toEqual({ code: 0, out: "" })
    const { out } = await driver.iReadCardBas_HSM_Step1(1)
    const read = await driver.iReadCardBas_HSM_Step2(await office.answerBasic(out))
    expect(read.out.split("|").slice(1, 9)).toEqual([
      "999999199001010016",
      "S00000020",
      expect.stringMatching(/^320800D15600000501000027/),
      "测试新卡",
      "00815431008660250701000027",
      "3.00",
      "20260101",
      "20351231",
    ])
  })
})

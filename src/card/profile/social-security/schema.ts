import { z } from "zod"
import { type LocalVariant, localTables } from "../../../dictionary/index.js"
import {
  cardOptions,
  date,
  digits,
  expected,
  hexBytes,
  profileHead,
  quoted,
  someText,
  testKeys,
  text,
  tries,
  yuan,
} from "../schema-parts.js"
import { financial } from "./schema-financial.js"
import { localFiles } from "./schema-local.js"
import { pki } from "./schema-pki.js"

const holder = z
  .strictObject({
    name: someText(
      { zh: "姓名", en: "a name" },
      "30 bytes in GBK; what does not fit goes on in nameExtension, at most 20 bytes more",
    ),
    nameExtension: z.string().optional(),
    socialSecurityNumber: text(
      { zh: "18个字符", en: "18 characters" },
      /^\d{17}[\dX]$/,
      "Citizen identity number, GB 11643",
    ),
    sex: text({ zh: "一位数字", en: "one digit" }, /^\d$/, "GB/T 2261.1"),
    nation: digits(2, 2, "Ethnic group, GB 3304"),
    birthPlace: digits(6, 6, "GB/T 2260").optional(),
    birthDate: date("Date of birth"),
  })
  .describe("Fields of SSSE EF06 by dictionary id")

const employer = z
  .strictObject({
    unifiedSocialCreditCode: text(
      { zh: "18个字符:0-9和除I、O、S、V、Z外的大写字母", en: "18 characters 0-9, A-Z without I, O, S, V, Z" },
      /^[0-9A-HJ-NPQRTUWXY]{18}$/,
      "Unified social credit code, GB 32100",
    ),
    employerName: someText({ zh: "单位名称", en: "a name" }, "At most 70 bytes in GBK"),
    legalForm: text(
      { zh: "一至两个字母或数字", en: "one or two letters or digits" },
      /^[0-9A-Za-z]{1,2}$/,
      "Legal form",
    ).optional(),
    employerRegion: digits(6, 6, "GB/T 2260").optional(),
    foundingDate: date("Day of foundation").optional(),
    insuredSince: date("First day of insurance").optional(),
    legalRepresentative: z.string().describe("At most 30 bytes in GBK").optional(),
  })
  .describe("Fields of SSSE EF06 of an employer's card by dictionary id")

const issuer = z
  .strictObject({
    cardNumber: text(
      { zh: "九个字符:0-9、A-Z", en: "nine characters 0-9, A-Z" },
      /^[0-9A-Z]{9}$/,
      "Social security card number, GB 11714 check character",
    ),
    issueDate: date("Day of issue"),
    expiryDate: date("Last day of validity"),
    initialisingBody: digits(1, 24, "Number of the initialising body").optional(),
    cardClass: text(
      { zh: "一位数字", en: "one digit" },
      /^\d$/,
      "1 personal card, 2 employer's card; default as personKind says",
    ).optional(),
  })
  .describe("Fields of SSSE EF05 by dictionary id; the card identification code is computed")

const items = z.record(z.string(), z.union([z.string(), z.number()]))

const fieldValue = z.union(
  [z.string(), z.number(), items, z.array(z.union([z.string(), items]))],
  expected({ zh: "文本、数字、对象或其列表", en: "text, a number, an object, or a list of them" }),
)

const pin = z
  .strictObject({
    value: digits(4, 12, "Initial PIN"),
    tries: tries("Tries after a success, 1 to 15").min(1).default(6),
    triesLeft: tries("Tries left now, 0 = locked; as many as tries where absent").optional(),
  })
  .prefault({ value: "123456" })
  .describe("PIN of the social security application")

const keyName = text(
  { zh: "密钥名称,如RKssse", en: "the name of a key such as RKssse" },
  /^[A-Za-z][A-Za-z0-9]*$/,
  "Key",
)

const keys = z
  .strictObject({
    test: testKeys,
    values: z.record(keyName, hexBytes(16, "Card key by name, for example RKssse")).default({}),
    counters: z
      .record(
        keyName,
        z.strictObject({
          tries: tries("Tries after a success, 1 to 15").min(1).default(3),
          triesLeft: tries("Tries left now, 0 = blocked; as many as tries where absent").optional(),
        }),
      )
      .default({})
      .describe("Retry counters by key name, where they differ from 3 of 3"),
  })
  .describe("Card keys that differ from the derived test keys, and their counters")

const p1p2 = (description: string, value: string) =>
  z.array(hexBytes(2, "P1 P2")).min(1).default([value]).describe(description)

const medical = z
  .strictObject({
    cia: yuan("Personal account balance 个人账户余额, in yuan").default("0.00"),
    spip: yuan("Own payments of the year 个人自付年度累计, in yuan").default("0.00"),
    spfp: yuan("Pooled fund payments of the year 统筹支付年度累计, in yuan").default("0.00"),
    year: digits(4, 4, "Year of both totals"),
    p1p2: z
      .strictObject({
        cia: p1p2("P1 P2 that ask for the personal account", "0001"),
        spip: p1p2("P1 P2 that ask for own payments", "0002"),
        spfp: p1p2("P1 P2 that ask for pooled fund payments", "0003"),
        load: p1p2("P1 P2 of INITIALIZE FOR LOAD", "0001"),
        unload: p1p2("P1 P2 of INITIALIZE FOR UNLOAD", "0001"),
        debit: p1p2("P1 P2 of INITIALIZE FOR DEBIT", "0001"),
      })
      .prefault({})
      .describe("Parameters of GET BALANCE and of the INITIALIZE commands"),
    instructions: z
      .strictObject({
        initializeForDebit: hexBytes(1, "INITIALIZE FOR DEBIT").default("22"),
        debit: hexBytes(1, "DEBIT").default("24"),
        getBalance: hexBytes(1, "GET BALANCE").default("26"),
        initializeForLoad: hexBytes(1, "INITIALIZE FOR LOAD").default("28"),
        creditForLoad: hexBytes(1, "CREDIT FOR LOAD").default("2A"),
        getTransactionProve: hexBytes(1, "GET TRANSACTION PROVE").default("2C"),
        initializeForUnload: hexBytes(1, "INITIALIZE FOR UNLOAD").default("2E"),
        debitForUnload: hexBytes(1, "DEBIT FOR UNLOAD").default("30"),
      })
      .prefault({})
      .describe("Instruction bytes of class B0"),
    types: z
      .strictObject({
        load: hexBytes(1, "Load").default("31"),
        unload: hexBytes(1, "Unload").default("33"),
        debit: hexBytes(1, "Debit").default("35"),
      })
      .prefault({})
      .describe("Transaction type bytes, ASCII characters"),
    limit: yuan("Highest personal account balance that a load may reach").default("42949672.95"),
    onlineNumber: z.int().min(0).max(0xffff).describe("Number of the next load or unload").default(0),
    offlineNumber: z.int().min(0).max(0xffff).describe("Number of the next debit").default(0),
    notInitialized: z
      .enum(["6985", "6901"])
      .describe("Answer of a second command without its INITIALIZE directly before")
      .default("6985"),
  })
  .describe("Account elements of DF04")

const options = z
  .strictObject({
    ...cardOptions,
    sm4Mac: z.enum(["xor4", "left4"]).describe("Four bytes of an SM4 MAC").optional(),
    pinMessageKey: z.enum(["STK", "PUK"]).describe("Key of the MAC of PIN reload and unblock").optional(),
    reload84D4: z.boolean().describe("84 D4 00 01 is PIN reload when its length is").optional(),
    cardFactor: z
      .enum(["atr8", "serial6+0000"])
      .describe("Bytes of the answer to reset that the card's keys are derived from, default atr8")
      .optional(),
    contactless: z
      .enum(["restricted", "open"])
      .describe("PIN, writing and medical transactions on a contactless answer to reset, default restricted")
      .optional(),
    blankCn: z.enum(["FF", "00"]).describe("Fill of digit fields that are not written").optional(),
    fciAlgorithm: z
      .enum(["none", "tag53", "raw"])
      .describe("How the FCI tells the key algorithm: default tag53 on version 3.00, else none")
      .optional(),
    environmentIn: z.enum(["DDF1", "MF"]).describe("Where the SSSE sits, default DDF1").optional(),
  })
  .prefault({})
  .describe("How the card presents itself")

const bank = z
  .strictObject({
    state: z.enum(["notActivated", "active"]).default("notActivated"),
    pin: digits(6, 6, "PIN that the bank holds").optional(),
    openingBalance: yuan("Balance in yuan").default("0.00"),
    phone: text(
      { zh: "数字、空格和+", en: "digits, spaces and +" },
      /^[+\d][\d ]{2,19}$/,
      "Telephone number",
    ).optional(),
  })
  .describe("What the bank knows of this card when it is enrolled; nothing of it is on the card")

const variations = z
  .strictObject({
    fingerprintSize: z.int().min(1).max(0x7fff).describe("Size of SSSE EF07 in bytes, 768 or 1024").optional(),
    unemploymentRecord60: z.boolean().describe("DF03 EF05 has a record of tag 60").optional(),
    educationInPersonalStatus: z.boolean().describe("DF01 EF07 has a record of tag 2A").optional(),
  })
  .prefault({})
  .describe("Where sources tell different things of the files of one version")

const common = {
  card: z.literal("social-security").default("social-security").describe("Kind of card"),
  ...profileHead,
  specVersion: z.enum(["1.00", "2.00", "3.00"]).describe("Version of the card specification"),
  state: z
    .enum(["active", "applicationBlocked", "applicationBlockedPermanently", "cardBlocked"])
    .describe("Life of the social security application, or of the whole card")
    .default("active"),
  personalised: z
    .boolean()
    .describe("False: straight from production, the check bytes of the card identification code are FFFFFFFF")
    .default(true),
  region: digits(6, 6, "Issuing city, GB/T 2260"),
  issuer,
  fields: z
    .record(
      text(
        { zh: "形如DF01.householdAddress的路径", en: "a path such as DF01.householdAddress" },
        /^[A-Z0-9]+\.[A-Za-z0-9]+$/,
        "Path",
      ),
      fieldValue,
    )
    .default({})
    .describe("Any other field by directory and dictionary id; lists for repeated and cyclic records"),
  pin,
  keys: keys.optional(),
  options,
}

const person = z.strictObject({
  ...common,
  personKind: z.enum(["employee", "unemployed", "retiree"]).describe("Whose card it is"),
  holder,
  local: z
    .enum(Object.keys(localTables) as [LocalVariant, ...LocalVariant[]])
    .describe("Files that a region adds")
    .optional(),
  localFiles: localFiles.optional(),
  variations,
  medical: medical.optional(),
  financial: financial.optional(),
  pki: pki.optional(),
  bank: bank.optional(),
})

const employerCard = z.strictObject({
  ...common,
  personKind: z.literal("employer").describe("Whose card it is: an employer's has tables of its own"),
  employer,
})

/** Schema of a whole profile of a social security card, `extends` already resolved. Unknown fields are errors. */
export const socialSecuritySchema = z.discriminatedUnion("personKind", [person, employerCard], {
  error: expected(quoted(["employee", "unemployed", "retiree", "employer"])),
})

/** A profile of a person's social security card, with every default filled in. */
export type PersonProfile = z.output<typeof person>
/** A profile of an employer's social security card, with every default filled in. */
export type EmployerProfile = z.output<typeof employerCard>
/** A profile of a social security card, with every default filled in. */
export type SocialSecurityProfile = PersonProfile | EmployerProfile
/** The financial section of a profile. */
export type FinancialProfile = NonNullable<PersonProfile["financial"]>
/** The PKI section of a profile. */
export type PkiProfile = NonNullable<PersonProfile["pki"]>
/** The medical section of a profile. */
export type MedicalProfile = NonNullable<PersonProfile["medical"]>

import { z } from "zod"
import {
  cardOptions,
  date,
  digits,
  hexBytes,
  hexText,
  profileHead,
  testKeys,
  text,
  tries,
  yuan,
} from "../schema-parts.js"

const holder = z
  .strictObject({
    name: z
      .string()
      .min(1, "expected a name")
      .describe("At most 30 bytes in GBK; what does not fit goes to nameExtension"),
    nameExtension: z.string().optional(),
    socialSecurityNumber: text("18 characters", /^\d{17}[\dX]$/, "Citizen identity number, GB 11643"),
    sex: text("one digit", /^\d$/, "GB/T 2261.1"),
    nation: digits(2, 2, "Ethnic group, GB 3304"),
    birthPlace: digits(6, 6, "GB/T 2260").optional(),
    birthDate: date("Date of birth"),
  })
  .describe("Fields of SSSE EF06 by dictionary id")

const issuer = z
  .strictObject({
    cardNumber: text(
      "nine characters 0-9, A-Z",
      /^[0-9A-Z]{9}$/,
      "Social security card number, GB 11714 check character",
    ),
    issueDate: date("Day of issue"),
    expiryDate: date("Last day of validity"),
    initialisingBody: digits(1, 24, "Number of the initialising body").optional(),
    cardClass: text("one digit", /^\d$/, "1 personal card").default("1"),
  })
  .describe("Fields of SSSE EF05 by dictionary id; the card identification code is computed")

const fieldValue = z.union(
  [z.string(), z.number(), z.array(z.union([z.string(), z.record(z.string(), z.union([z.string(), z.number()]))]))],
  "expected text, a number, or a list of them",
)

const pin = z
  .strictObject({
    value: digits(4, 12, "Initial PIN"),
    tries: tries("Tries after a success, 1 to 15").min(1).default(6),
    triesLeft: tries("Tries left now, 0 = locked; as many as tries where absent").optional(),
  })
  .prefault({ value: "123456" })
  .describe("PIN of the social security application")

const offlinePin = z
  .strictObject({
    value: digits(4, 12, "Off-line PIN").default("123456"),
    tries: tries("Tries after a success").min(1).default(3),
    triesLeft: tries("Tries left now; where absent 0 for a card that is not active, else as many as tries").optional(),
  })
  .prefault({})
  .describe("Off-line PIN of the financial application")

const keys = z
  .strictObject({
    test: testKeys,
    values: z.record(z.string(), hexBytes(16, "Card key by name, for example RKssse")),
  })
  .describe("Card keys that differ from the derived test keys")

const p1p2 = (description: string, value: string) =>
  z
    .array(text("four hexadecimal digits", /^[0-9A-Fa-f]{4}$/, "P1 P2"))
    .min(1)
    .default([value])
    .describe(description)

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

const financial = z
  .strictObject({
    aid: text("10 to 32 hexadecimal digits", /^([0-9A-Fa-f]{2}){5,16}$/, "Application identifier").default(
      "A000000333010101",
    ),
    label: z.string().min(1).max(16).default("PBOC DEBIT"),
    preferredName: z.string().min(1).max(16).default("SHEBAO CARD"),
    priority: hexBytes(1, "Application priority indicator 87").default("01"),
    language: text("two to eight small letters", /^([a-z]{2}){1,4}$/, "Language preference 5F2D").default("zh"),
    pan: digits(13, 19, "Primary account number"),
    sequenceNumber: digits(2, 2, "PAN sequence number").default("01"),
    holderNameLatin: text("2 to 26 printable ASCII characters", /^[\x20-\x7E]{2,26}$/, "SURNAME/GIVEN"),
    idNumber: text(
      "1 to 40 letters and digits",
      /^[0-9A-Za-z]{1,40}$/,
      "Identity document; default the holder's",
    ).optional(),
    idType: digits(2, 2, "Kind of identity document 9F62").default("00"),
    effective: date("First day of validity"),
    expiry: date("Last day of validity"),
    serviceCode: digits(3, 3, "Service code").default("220"),
    track2Discretionary: digits(0, 16, "Digits behind the service code").default("0000000000"),
    track2: hexText("Whole track 2 equivalent data 57, where it is not made of the fields above").optional(),
    productId: text("at most 16 ASCII characters", /^[\x20-\x7E]{1,16}$/, "Card product 9F63").default(
      "SHEBAO0000000001",
    ),
    state: z.enum(["inactive", "active", "blocked", "closed", "cardBlocked"]).default("inactive"),
    offlinePin,
    aip: hexBytes(2, "Application interchange profile").default("1C00"),
    afl: text("entries of 8 hexadecimal digits", /^([0-9A-Fa-f]{8}){1,15}$/, "Application file locator").default(
      "0801010010010200",
    ),
    pdol: hexText("PDOL").default("9F7A019F02065F2A02"),
    cdol1: hexText("CDOL1").default("9F02069F03069F1A0295055F2A029A039C019F37049F21039F4E14"),
    cdol2: hexText("CDOL2").default("8A029F02069F03069F1A0295055F2A029A039C019F37049F21039F4E14"),
    usageControl: hexBytes(2, "Application usage control 9F07").default("FF00"),
    cardholderVerification: hexText("CVM list 8E").default("0000000000000000420341031E031F00"),
    actionCodes: z
      .strictObject({
        default: hexBytes(5, "9F0D").default("D84000A800"),
        denial: hexBytes(5, "9F0E").default("0010000000"),
        online: hexBytes(5, "9F0F").default("D84004F800"),
      })
      .prefault({})
      .describe("Issuer action codes"),
    applicationVersion: hexBytes(2, "9F08").default("0030"),
    currency: digits(4, 4, "Application currency 9F42").default("0156"),
    country: digits(4, 4, "Issuer country 5F28").default("0156"),
    lowerConsecutiveLimit: hexBytes(1, "9F14").default("00"),
    upperConsecutiveLimit: hexBytes(1, "9F23").default("00"),
    data: z
      .record(
        text("a tag of four hexadecimal digits", /^[0-9A-F]{4}$/, "Tag"),
        text("hexadecimal digits; empty takes the object off the card", /^([0-9A-Fa-f]{2})*$/, "Value"),
      )
      .default({})
      .describe("Data objects of GET DATA that differ from the default card, by tag"),
    keys: z
      .strictObject({
        test: testKeys,
        ac: hexBytes(16, "UDK_AC"),
        mac: hexBytes(16, "UDK_MAC"),
        enc: hexBytes(16, "UDK_ENC"),
      })
      .optional()
      .describe("Card keys, where they are not derived from the issuer's test master keys"),
  })
  .describe("PBOC debit/credit application")

const options = z
  .strictObject({
    ...cardOptions,
    sm4Mac: z.enum(["xor4", "left4"]).describe("Four bytes of an SM4 MAC").optional(),
    pinMessageKey: z.enum(["STK", "PUK"]).describe("Key of the MAC of PIN reload and unblock").optional(),
    reload84D4: z.boolean().describe("84 D4 00 01 is PIN reload when its length is").optional(),
    blankCn: z.enum(["FF", "00"]).describe("Fill of digit fields that are not written").optional(),
  })
  .prefault({})
  .describe("How the card presents itself")

const bank = z
  .strictObject({
    state: z.enum(["notActivated", "active"]).default("notActivated"),
    pin: digits(6, 6, "PIN that the bank holds").optional(),
    openingBalance: yuan("Balance in yuan").default("0.00"),
    phone: text("digits, spaces and +", /^[+\d][\d ]{2,19}$/, "Telephone number").optional(),
  })
  .describe("What the bank knows of this card when it is enrolled; nothing of it is on the card")

/** Schema of a whole profile of a social security card, `extends` already resolved. Unknown fields are errors. */
export const socialSecuritySchema = z.strictObject({
  card: z.literal("social-security").default("social-security").describe("Kind of card"),
  ...profileHead,
  specVersion: z.enum(["1.00", "2.00", "3.00"]).describe("Version of the card specification"),
  personKind: z.enum(["employee", "unemployed", "retiree", "employer"]),
  state: z
    .enum(["active", "applicationBlocked", "applicationBlockedPermanently", "cardBlocked"])
    .describe("Life of the social security application, or of the whole card")
    .default("active"),
  region: digits(6, 6, "Issuing city, GB/T 2260"),
  holder,
  issuer,
  fields: z
    .record(text("a path such as DF01.householdAddress", /^[A-Z0-9]+\.[A-Za-z0-9]+$/, "Path"), fieldValue)
    .default({})
    .describe("Any other field by directory and dictionary id; lists for repeated and cyclic records"),
  pin,
  keys: keys.optional(),
  medical: medical.optional(),
  financial: financial.optional(),
  options,
  bank: bank.optional(),
})

/** A profile of a social security card, with every default filled in. */
export type SocialSecurityProfile = z.output<typeof socialSecuritySchema>
/** The financial section of a profile. */
export type FinancialProfile = NonNullable<SocialSecurityProfile["financial"]>
/** The medical section of a profile. */
export type MedicalProfile = NonNullable<SocialSecurityProfile["medical"]>

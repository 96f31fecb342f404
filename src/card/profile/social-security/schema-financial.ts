import { z } from "zod"
import { date, digits, hexBytes, hexText, testKeys, text, tries } from "../schema-parts.js"

const offlinePin = z
  .strictObject({
    value: digits(4, 12, "Off-line PIN").default("123456"),
    tries: tries("Tries after a success").min(1).default(3),
    triesLeft: tries("Tries left now; where absent 0 for a card that is not active, else as many as tries").optional(),
  })
  .prefault({})
  .describe("Off-line PIN of the financial application")

const authentication = z
  .strictObject({
    method: z.enum(["sda", "dda", "cda"]).default("dda"),
    algorithm: z.enum(["rsa", "sm2"]).default("rsa"),
    code: hexBytes(2, "Data authentication code").default("DAC1"),
    encipheredPin: z.boolean().default(false).describe("VERIFY also takes a PIN enciphered for the card's RSA key"),
  })
  .describe("Off-line data authentication with certificates of the public test authority")

/** The financial section of a profile. */
export const financial = z
  .strictObject({
    aid: text(
      { zh: "10至32个十六进制数字", en: "10 to 32 hexadecimal digits" },
      /^([0-9A-Fa-f]{2}){5,16}$/,
      "Application identifier",
    ).default("A000000333010101"),
    label: z.string().min(1).max(16).default("PBOC DEBIT"),
    preferredName: z.string().min(1).max(16).default("SHEBAO CARD"),
    priority: hexBytes(1, "Application priority indicator 87").default("01"),
    language: text(
      { zh: "2至8个小写字母", en: "two to eight small letters" },
      /^([a-z]{2}){1,4}$/,
      "Language preference 5F2D",
    ).default("zh"),
    pan: digits(13, 19, "Primary account number"),
    sequenceNumber: digits(2, 2, "PAN sequence number").default("01"),
    holderNameLatin: text(
      { zh: "2至26个可见ASCII字符", en: "2 to 26 printable ASCII characters" },
      /^[\x20-\x7E]{2,26}$/,
      "SURNAME/GIVEN",
    ),
    idNumber: text(
      { zh: "1至40个字母和数字", en: "1 to 40 letters and digits" },
      /^[0-9A-Za-z]{1,40}$/,
      "Identity document; default the holder's",
    ).optional(),
    idType: digits(2, 2, "Kind of identity document 9F62").default("00"),
    effective: date("First day of validity"),
    expiry: date("Last day of validity"),
    serviceCode: digits(3, 3, "Service code").default("220"),
    track2Discretionary: digits(0, 16, "Digits behind the service code").default("0000000000"),
    track2: hexText("Whole track 2 equivalent data 57, where it is not made of the fields above").optional(),
    productId: text(
      { zh: "最多16个ASCII字符", en: "at most 16 ASCII characters" },
      /^[\x20-\x7E]{1,16}$/,
      "Card product 9F63",
    ).default("SHEBAO0000000001"),
    state: z.enum(["inactive", "active", "blocked", "closed", "cardBlocked"]).default("inactive"),
    cardBlockScope: z.enum(["financial", "card"]).default("financial").describe("What CARD BLOCK blocks"),
    offlinePin,
    algorithm: z.enum(["3des", "sm4"]).default("3des").describe("Of the card keys: cryptograms, scripts"),
    cryptogramVersion: z.enum(["01", "17"]).default("01").describe("What GENERATE AC covers"),
    authentication: authentication.optional(),
    aip: hexBytes(2, "Application interchange profile, where it does not follow from the authentication").optional(),
    afl: text(
      { zh: "每项8个十六进制数字", en: "entries of 8 hexadecimal digits" },
      /^([0-9A-Fa-f]{8}){1,15}$/,
      "Application file locator, where it does not follow from the authentication",
    ).optional(),
    pdol: hexText("PDOL; default by the interface of the card, contact or contactless").optional(),
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
    electronicCashCode: text(
      { zh: "6个字母或数字", en: "6 letters or digits" },
      /^[0-9A-Za-z]{6}$/,
      "Electronic cash issuer authorisation code 9F74",
    ).default("ECC001"),
    lowerConsecutiveLimit: hexBytes(1, "9F14").default("00"),
    upperConsecutiveLimit: hexBytes(1, "9F23").default("00"),
    data: z
      .record(
        text({ zh: "四个十六进制数字的标签", en: "a tag of four hexadecimal digits" }, /^[0-9A-F]{4}$/, "Tag"),
        text(
          { zh: "十六进制数字;空值表示卡上没有该对象", en: "hexadecimal digits; empty takes the object off the card" },
          /^([0-9A-Fa-f]{2})*$/,
          "Value",
        ),
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

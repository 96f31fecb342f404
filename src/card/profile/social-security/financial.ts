import { hex, wrongInput } from "../../../apdu/index.js"
import { testIssuerMasterKeys, udkOptionA } from "../../../crypto/index.js"
import { fileLocator, interchangeProfile } from "../../applications/financial/data-authentication.js"
import { dataObjects } from "../../applications/financial/data-objects.js"
import type { FinancialSpec } from "../../applications/financial/directories.js"
import type { FinancialProfile, PersonProfile } from "./schema.js"

/** Lists of financial-emv §14. */
const CONTACT_PDOL = "9F7A019F02065F2A02"
const CONTACTLESS_PDOL = "9F66049F02069F03069F1A0295055F2A029A039C019F3704"

/**
 * The financial application that a profile asks for.
 *
 * Card keys are the profile's own or derived from the published issuer test keys by option A (financial-emv §13, §20).
 *
 * @param contactless what the answer to reset says
 * @throws {InputError} when a data object is unknown or its length is wrong
 */
export function financialSpec(
  profile: PersonProfile,
  financial: FinancialProfile,
  contactless: boolean,
): FinancialSpec {
  const { offlinePin, state, authentication } = financial
  return {
    identity: { ...financial, pdol: financial.pdol ?? (contactless ? CONTACTLESS_PDOL : CONTACT_PDOL) },
    data: {
      ...financial,
      idNumber: financial.idNumber ?? profile.holder.socialSecurityNumber,
      effectiveDate: financial.effective,
      expiryDate: financial.expiry,
    },
    lifecycle: state,
    pin: {
      value: offlinePin.value,
      tries: offlinePin.tries,
      triesLeft: offlinePin.triesLeft ?? (state === "active" ? offlinePin.tries : 0),
    },
    keys: cardKeys(financial),
    algorithm: financial.algorithm,
    cryptogramVersion: Number.parseInt(financial.cryptogramVersion, 16),
    ...processingOptions(financial),
    authentication,
    contactless,
    cardBlockScope: financial.cardBlockScope,
    encipheredPin: authentication?.encipheredPin ?? false,
    values: dataValues(financial),
  }
}

/** AIP and AFL as GET PROCESSING OPTIONS answers them. */
export function processingOptions({ aip, afl, authentication }: FinancialProfile): Pick<FinancialSpec, "aip" | "afl"> {
  return {
    aip: aip === undefined ? interchangeProfile(authentication?.method) : hex(aip, "financial.aip"),
    afl: afl === undefined ? fileLocator(authentication?.method) : hex(afl, "financial.afl"),
  }
}

function cardKeys(financial: FinancialProfile): FinancialSpec["keys"] {
  if (financial.keys) {
    const { ac, mac, enc } = financial.keys
    return {
      ac: hex(ac, "financial.keys.ac"),
      mac: hex(mac, "financial.keys.mac"),
      enc: hex(enc, "financial.keys.enc"),
    }
  }
  const masters = testIssuerMasterKeys()
  const derive = (master: Uint8Array) =>
    udkOptionA(financial.algorithm, master, financial.pan, financial.sequenceNumber)
  return { ac: derive(masters.ac), mac: derive(masters.mac), enc: derive(masters.enc) }
}

/** Element values by name; `null` takes an object off the card. */
function dataValues(financial: FinancialProfile): Record<string, string | null> {
  const values: Record<string, string | null> = {}
  for (const [tag, value] of Object.entries(financial.data)) {
    const path = `financial.data.${tag}`
    const object = dataObjects.find((candidate) => candidate.tag === Number.parseInt(tag, 16))
    if (!object) throw wrongInput(path, "GET DATA没有这个标签的数据对象", "no data object of GET DATA has this tag")
    if (value !== "" && object.length > 0 && value.length !== 2 * object.length)
      throw wrongInput(
        path,
        `应为${object.length}字节,收到${value.length / 2}字节`,
        `expected ${object.length} bytes, got ${value.length / 2}`,
      )
    if (value === "" && REQUIRED.has(object.id))
      throw wrongInput(path, "金融应用不能缺少它", "the application cannot be without it")
    values[object.id] = value === "" ? null : value
  }
  return values
}

/** Objects that the commands of the application cannot do without. */
const REQUIRED = new Set(["applicationTransactionCounter", "lastOnlineTransactionCounter", "logFormat"])

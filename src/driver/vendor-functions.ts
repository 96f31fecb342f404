import { hex, SW, type Transport } from "../apdu/index.js"
import { type CardSession, selectByName, socialSecurityClient } from "../terminal/index.js"
import { openBasicData, readFields } from "./basic-data.js"
import { identify } from "./card-work.js"
import { fail } from "./codes.js"
import { environmentFailure } from "./failures.js"
import { joinFields } from "./key-string.js"
import type { Output } from "./runtime.js"
import type { DriverSettings } from "./settings.js"

/** Fields of a file of the SSSE that is open to whoever may read the basic data. */
async function readGuarded(
  card: CardSession,
  settings: DriverSettings,
  fid: number,
  ids: readonly string[],
): Promise<Output> {
  const found = await identify(card)
  if (!found.ok) return found
  const opened = await openBasicData(found.subject, settings.keys)
  if (!opened.ok) return opened
  const read = await readFields(card, fid, ids)
  return read.ok ? { ok: true, out: joinFields(...read.values) } : read
}

const ISSUER = ["cardId", "cardClass", "specVersion", "initialisingBody", "issueDate", "expiryDate", "cardNumber"]
const PERSON = ["socialSecurityNumber", "name", "sex", "nation", "birthPlace", "birthDate"]

/** iReadCardPublicInfo: KSBM, KLB, GFBB, JGBM, FKRQ, KYXQ, KH. */
export const readIssuerData = (card: CardSession, settings: DriverSettings): Promise<Output> =>
  readGuarded(card, settings, 0xef05, ISSUER)

/** iReadPersonPublicInfo: SHBZHM, XM, XB, MZ, CSD, CSRQ. */
export const readPersonData = (card: CardSession, settings: DriverSettings): Promise<Output> =>
  readGuarded(card, settings, 0xef06, PERSON)

/** iReadCardNo, iReadICCardNum. */
export const readCardNumber = (card: CardSession, settings: DriverSettings): Promise<Output> =>
  readGuarded(card, settings, 0xef05, ["cardNumber"])

/** iGetReaderInfo. */
export async function readerInfo(settings: DriverSettings): Promise<Output> {
  return { ok: true, out: joinFields(settings.deviceNumber, await settings.readTerminalNumber()) }
}

/** "1PAY.SYS.DDF01", the directory of a bank card (financial-emv). */
const PAYMENT_DIRECTORY = hex("315041592E5359532E4444463031")

/** iCheckCard: 3 social security card, 6 bank card; −1 for anything else that is in the reader. */
export async function checkCard(card: Transport): Promise<Output> {
  const client = socialSecurityClient(card)
  const selected = await client.selectEnvironment()
  if (selected.ok) return { ok: true, out: "3" }
  const failure = environmentFailure(selected.statusWord)
  if (failure.code !== fail("WRONG_CARD_TYPE").code) return failure
  const { statusWord } = await selectByName(card, PAYMENT_DIRECTORY)
  return statusWord === SW.OK ? { ok: true, out: "6" } : failure
}

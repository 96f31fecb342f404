import type { Argv } from "yargs"
import { SW } from "../../apdu/index.js"
import { type HolderFile, type MissingRecord, readCard, readHolderFile } from "../../terminal/index.js"
import { cardDocument } from "../card-document.js"
import { type OpenedCard, withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { writeNewFile } from "../files.js"
import { type KeyArguments, keyOptions, withKeys } from "../key-source.js"
import { type CardArguments, cardOptions, flag, type PinArguments, pinOptions, type Say, value } from "../options.js"
import type { Output } from "../output.js"
import { cardLines } from "../reading-table.js"
import { printRefusal, refusalText } from "../refusal.js"
import { samOption } from "../sam-source.js"
import { readSecrets, type SecretRequest } from "../secrets.js"

export interface ReadArguments extends CardArguments, PinArguments, KeyArguments {
  readonly all?: boolean
  readonly pin?: boolean
}

interface ReadCommandArguments extends ReadArguments {
  readonly photo?: string
  readonly fingerprint?: string
}

/** Adds the options that say what is read. */
export function readOptions<T>(parser: Argv<T>, say: Say) {
  return keyOptions(pinOptions(cardOptions(parser, say), say), say)
    .option(
      "all",
      flag(say({ en: "every file that may be read, directory by directory", zh: "逐目录读取所有可读文件" })),
    )
    .option(
      "pin",
      flag(say({ en: "verify the PIN first, to read what the holder may see", zh: "先校验密码,读取持卡人可见内容" })),
    )
}

export function builder(parser: Argv, say: Say) {
  return readOptions(parser, say)
    .option(
      "photo",
      value(say({ en: "write the holder's photo to a new FILE; needs keys", zh: "把照片写入新文件;需要密钥" })),
    )
    .option(
      "fingerprint",
      value(
        say({ en: "write the fingerprint template to a new FILE; needs keys", zh: "把指纹模板写入新文件;需要密钥" }),
      ),
    )
}

export async function handler(args: ReadCommandArguments, output: Output): Promise<number> {
  return withCard(args, output, async (card) => {
    const reading = await readWith(args, card, output)
    if (!reading.ok) return printRefusal(output, reading)
    for (const line of cardLines(output, reading)) output.line(line)
    const saved = await saveFiles(args, card, output)
    output.document({ ...cardDocument(reading), ...saved })
    if (reading.pin) output.remark(output.say(reading.pin.reason))
    if (!reading.genuine && reading.person.missing.some(needsKey)) output.remark(output.say(NEEDS_KEYS))
    const refused = reading.pin || reading.genuine?.ok === false || Object.values(saved).includes(null)
    return refused ? EXIT.REFUSED : EXIT.DONE
  })
}

const needsKey = ({ statusWord }: MissingRecord): boolean => statusWord === SW.SECURITY_STATUS_NOT_SATISFIED
const NEEDS_KEYS = {
  en: "this card shows its holder to keys only: --keys says where keys come from",
  zh: "此卡的持卡人信息须用密钥读取:请用 --keys 指明密钥来源",
}

/** Reads the card with what the options give: the PIN, and keys where they are named. */
export async function readWith(args: ReadArguments, card: OpenedCard, output: Output) {
  const pin = await pinToReadWith(args, output)
  const options = { all: args.all ?? false, ...(pin !== undefined && { pin }) }
  const named = args.keys !== undefined || args.hsm !== undefined || samOption(args) !== undefined
  if (!named) return readCard(card.session, options)
  return withKeys(args, card, output, ({ service }) => readCard(card.session, { ...options, keys: service }))
}

/** Writes photo and fingerprint to new files where they are wanted. @returns the files; null for what the card did not give */
async function saveFiles(
  args: ReadCommandArguments,
  card: OpenedCard,
  output: Output,
): Promise<Partial<Record<HolderFile, string | null>>> {
  const saved: Partial<Record<HolderFile, string | null>> = {}
  for (const which of ["photo", "fingerprint"] as const) {
    const path = args[which]
    if (path === undefined) continue
    const read = await withKeys(args, card, output, ({ service }) =>
      readHolderFile(card.session, which, { keys: service }),
    )
    saved[which] = null
    if (!read.ok) output.remark(`${which}: ${refusalText(output, read)}`)
    else if (!read.content)
      output.remark(output.say({ en: `${which}: nothing is written on the card`, zh: `${which}:卡内未写入` }))
    else {
      writeNewFile(path, read.content, which)
      saved[which] = path
      output.line(
        output.say({ en: `${path}: ${read.content.length} bytes`, zh: `${path}:${read.content.length} 字节` }),
      )
    }
  }
  return saved
}

const PIN: SecretRequest = { name: "pin", variables: ["SHEBAO_PIN"], prompt: { en: "PIN", zh: "密码" } }

/** The PIN, where it is wanted: by `--pin`, or because it was given along. */
export async function pinToReadWith(args: ReadArguments, output: Output): Promise<string | undefined> {
  const wanted = args.pin || args.pinStdin || (args.all && process.env.SHEBAO_PIN)
  return wanted ? (await readSecrets([PIN], args, output))[0] : undefined
}

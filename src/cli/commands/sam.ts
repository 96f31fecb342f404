import type { Argv } from "yargs"
import { describeStatusWord, hexNumber, type StatusWord } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"
import { describeUsageType, samKeyMeaning, usageLevels, usageType } from "../../dictionary/index.js"
import {
  type CardSession,
  checkGenuine,
  type SamKeyFound,
  type SamPublicInformation,
  samClient,
  samKeyService,
} from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { samOptions } from "../key-source.js"
import { type CardArguments, cardOptions, type Say } from "../options.js"
import { type Output, tableLines } from "../output.js"
import { printRefusal } from "../refusal.js"
import { openSam, type SamArguments } from "../sam-source.js"

interface SamCommandArguments extends CardArguments, SamArguments {
  readonly action: "show" | "check"
}

export function builder(parser: Argv, say: Say) {
  return samOptions(cardOptions(parser, say), say).positional("action", {
    choices: ["show", "check"] as const,
    demandOption: true,
    describe: say({
      en: "show: its number, what it tells of itself, its keys without their values · check: is a card genuine",
      zh: "show 查看编号、公共信息和密钥(不含值)· check 鉴别卡片真伪",
    }),
  })
}

export async function handler(args: SamCommandArguments, output: Output): Promise<number> {
  return args.action === "show" ? show(args, output) : check(args, output)
}

/** Reads a SAM; nothing on it changes. */
async function show(args: SamCommandArguments, output: Output): Promise<number> {
  const sam = await openSam(args, undefined, output)
  try {
    const reading = await sam.session.transaction(() => readSam(sam.session))
    if ("statusWord" in reading) return printRefusal(output, refusalOf(reading.statusWord))
    for (const line of linesOf(reading, output)) output.line(line)
    output.document(documentOf(reading, output))
    return EXIT.DONE
  } finally {
    await sam.close()
  }
}

async function check(args: SamCommandArguments, output: Output): Promise<number> {
  return withCard(args, output, async (card) => {
    const sam = await openSam(args, card, output)
    try {
      const outcome = await checkGenuine(card.session, { keys: samKeyService(sam.session) })
      if (!outcome.ok) return printRefusal(output, outcome)
      const { region } = outcome.identity
      output.line(output.say({ en: `The card is genuine (region ${region}).`, zh: `卡片真实有效(地区 ${region})。` }))
      output.document({ ok: true, genuine: true, region })
      return EXIT.DONE
    } finally {
      await sam.close()
    }
  })
}

interface Environment {
  readonly algorithm: Algorithm
  readonly keys: readonly SamKeyFound[]
}

interface SamReading extends Partial<SamPublicInformation> {
  readonly terminalNumber: string
  readonly environments: readonly Environment[]
}

async function readSam(session: CardSession): Promise<SamReading | { readonly statusWord: StatusWord }> {
  const client = samClient(session)
  const selected = await client.selectMasterFile()
  if (!selected.ok) return selected
  const terminal = await client.readTerminalNumber()
  if (!terminal.ok) return terminal
  const information = await client.readPublicInformation()
  const environments: Environment[] = []
  for (const algorithm of ["3des", "sm4"] as const)
    if ((await client.selectApplication(algorithm)).ok) environments.push({ algorithm, keys: await client.findKeys() })
  return { ...(information.ok && information), terminalNumber: terminal.terminalNumber, environments }
}

function linesOf({ terminalNumber, serial, version, issuerData, environments }: SamReading, output: Output): string[] {
  const { say } = output
  const facts = [[say({ en: "Terminal number", zh: "终端机编号" }), terminalNumber]]
  if (serial !== undefined)
    facts.push(
      [say({ en: "Serial number", zh: "序列号" }), serial],
      [say({ en: "Version", zh: "版本" }), hexNumber(version ?? 0)],
      [say({ en: "Issuer's data", zh: "发卡方数据" }), issuerData ?? ""],
    )
  const head = say({ en: "usage id levels type key", zh: "用途 标识 级数 类型 密钥" }).split(" ")
  return [...tableLines(facts), ...environments.flatMap((environment) => keyLines(environment, head, output))]
}

function keyLines({ algorithm, keys }: Environment, head: string[], { say }: Output): string[] {
  const rows = keys.map(({ usage, id }) => [
    hexNumber(usage),
    hexNumber(id),
    String(usageLevels(usage)),
    say(describeUsageType(usage)),
    samKeyMeaning(usage, id)?.name ?? "",
  ])
  const title = say({ en: `${algorithm.toUpperCase()} keys`, zh: `${algorithm.toUpperCase()} 密钥` })
  return ["", `${title} (${keys.length})`, ...tableLines([head, ...rows], "  ")]
}

function documentOf({ environments, ...facts }: SamReading, { say }: Output): object {
  const { ok: _, ...told } = facts as typeof facts & { ok?: true }
  return {
    ok: true,
    ...told,
    environments: environments.map(({ algorithm, keys }) => ({
      algorithm,
      keys: keys.map(({ usage, id }) => ({
        usage: hexNumber(usage),
        id: hexNumber(id),
        levels: usageLevels(usage),
        type: usageType(usage),
        typeName: say(describeUsageType(usage)),
        key: samKeyMeaning(usage, id)?.name,
      })),
    })),
  }
}

function refusalOf(statusWord: StatusWord) {
  const { en, zh } = describeStatusWord(statusWord)
  return { code: "CARD_REFUSED", reason: { en, zh }, statusWord }
}

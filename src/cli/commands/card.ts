import { statSync } from "node:fs"
import type { Argv } from "yargs"
import { toHex } from "../../apdu/index.js"
import {
  bundledProfiles,
  createCardFile,
  type Finding,
  lintProfile,
  loadProfile,
  type Profile,
  readCardFile,
  setField,
} from "../../card/index.js"
import { businessTime } from "../../dictionary/index.js"
import { memoryReader, openCard, pinStatus, readCard } from "../../terminal/index.js"
import { cardDocument } from "../card-document.js"
import { EXIT } from "../exit-codes.js"
import { readText } from "../files.js"
import { inputError } from "../input-error.js"
import { allBundledProfiles, issueToHome } from "../local-bank.js"
import { type CommonArguments, list, type Say, value } from "../options.js"
import { type Output, tableLines } from "../output.js"
import { cardLines } from "../reading-table.js"
import { printRefusal } from "../refusal.js"

interface CardCommandArguments extends CommonArguments {
  readonly action: "new" | "show" | "lint" | "profiles"
  readonly file?: string
  readonly profile?: string
  readonly set?: readonly string[]
}

export function builder(parser: Argv, say: Say) {
  return parser
    .positional("action", {
      choices: ["new", "show", "lint", "profiles"] as const,
      demandOption: true,
      describe: say({
        en: "make a card in FILE · show it · look for mistakes in a profile · list the profiles that come along",
        zh: "new 制卡 · show 查看 · lint 检查模板 · profiles 列出自带模板",
      }),
    })
    .positional("file", {
      type: "string",
      describe: say({
        en: "card file; with lint a profile's name, a profile or a card file",
        zh: "卡文件;lint 时为模板名称、模板文件或卡文件",
      }),
    })
    .option("profile", value(say({ en: "with new: profile (NAME or FILE)", zh: "new 用:模板(名称或文件)" })))
    .option(
      "set",
      list(say({ en: "with new: change a field, --set holder.name=...", zh: "new 用:修改字段,--set holder.name=..." })),
    )
}

export async function handler(args: CardCommandArguments, output: Output): Promise<number> {
  switch (args.action) {
    case "new":
      return makeCard(args, output)
    case "show":
      return showCard(needFile(args), output)
    case "lint":
      return lint(profileIn(args.profile ?? needFile(args)), output)
    case "profiles":
      return listProfiles(output)
  }
}

function needFile({ file }: CardCommandArguments): string {
  if (file === undefined) throw inputError("file", { en: "expected the name of a file", zh: "请给出文件名" })
  return file
}

async function makeCard(args: CardCommandArguments, output: Output): Promise<number> {
  const path = needFile(args)
  if (args.profile === undefined)
    throw inputError("profile", {
      en: `expected --profile with one of ${bundledProfiles().join(", ")}, or a JSON file`,
      zh: `请用 --profile 指定 ${bundledProfiles().join("、")} 之一,或 JSON 文件`,
    })
  let profile = loadProfile(args.profile)
  for (const assignment of args.set ?? []) {
    const at = assignment.indexOf("=")
    if (at < 1)
      throw inputError("set", {
        en: `expected FIELD=VALUE, got ${JSON.stringify(assignment)}`,
        zh: `应为 字段=值,收到 ${JSON.stringify(assignment)}`,
      })
    profile = setField(profile, assignment.slice(0, at), assignment.slice(at + 1))
  }
  const findings = lintProfile(profile, today())
  const errors = findings.filter(({ severity }) => severity === "error")
  if (errors.length > 0) {
    const { field, en, zh } = errors[0]!
    throw inputError(field, { en, zh })
  }
  for (const finding of findings) output.remark(findingText(output, finding))
  const file = createCardFile(path, profile)
  file.close()
  await issueToHome(profile, args, output)
  output.line(
    output.say({ en: `${path}: a new card of profile ${profile.name}`, zh: `${path}:已按 ${profile.name} 制卡` }),
  )
  output.document({ ok: true, file: file.path, profile: profile.name, atr: file.card.atr })
  return EXIT.DONE
}

async function showCard(path: string, output: Output): Promise<number> {
  const { profile, card, warnings } = readCardFile(path)
  for (const warning of warnings) output.remark(output.say(warning))
  const reader = memoryReader(card)
  const session = await openCard(reader)
  const reading = await readCard(session)
  const pin = await pinStatus(session)
  await reader.close()
  const status = pin.ok ? (pin.state === "needed" ? String(pin.triesLeft) : pin.state) : "-"
  const rows = [
    [output.say({ en: "profile", zh: "模板" }), `${profile.name}  ${output.say(profile.description)}`],
    ["ATR", toHex(card.atr)],
    [output.say({ en: "PIN tries left", zh: "密码剩余次数" }), status],
  ]
  for (const line of tableLines(rows)) output.line(line)
  output.line()
  if (!reading.ok) return printRefusal(output, reading)
  for (const line of cardLines(output, reading)) output.line(line)
  output.document({ ...cardDocument(reading), profile: profile.name, atr: card.atr, pinTriesLeft: status })
  return EXIT.DONE
}

/** The profile that a name, a profile file or a card file holds. */
function profileIn(name: string): Profile {
  const isFile = statSync(name, { throwIfNoEntry: false })?.isFile() ?? false
  const looksLikeCard = isFile && /^\{[^\n]*"shebao"\s*:\s*"card"/.test(readText(name))
  return looksLikeCard ? readCardFile(name).profile : loadProfile(name)
}

const today = () => ({ today: businessTime(Date.now()).date })

function findingText(output: Output, { severity, field, en, zh }: Finding): string {
  const word = severity === "error" ? { en: "error", zh: "错误" } : { en: "warning", zh: "警告" }
  return `${output.say(word)}  ${field}  ${output.say({ en, zh })}`
}

function lint(profile: Profile, output: Output): number {
  const findings = lintProfile(profile, today())
  for (const finding of findings) output.line(findingText(output, finding))
  if (findings.length === 0) output.line(output.say({ en: "nothing to complain about", zh: "未发现问题" }))
  output.document({ ok: !findings.some(({ severity }) => severity === "error"), profile: profile.name, findings })
  return findings.some(({ severity }) => severity === "error") ? EXIT.USAGE : EXIT.DONE
}

function listProfiles(output: Output): number {
  const profiles = allBundledProfiles()
  for (const line of tableLines(profiles.map(({ name, description }) => [name, output.say(description)])))
    output.line(line)
  output.document({ profiles: profiles.map(({ name, description }) => ({ name, description })) })
  return EXIT.DONE
}

import { existsSync, statSync } from "node:fs"
import type { Argv } from "yargs"
import { toHex } from "../../apdu/index.js"
import {
  bundledProfiles,
  type Card,
  cardContents,
  compareCards,
  createCard,
  createCardFile,
  existingSnapshot,
  type Finding,
  lintNamedProfile,
  lintProfile,
  listSnapshots,
  loadProfile,
  type Profile,
  profileTables,
  readCardFile,
  restoreSnapshot,
  setFields,
  takeSnapshot,
} from "../../card/index.js"
import { businessTime } from "../../dictionary/index.js"
import { memoryReader, openCard, pinStatus, readCard, testKeyService } from "../../terminal/index.js"
import { assignmentsOf } from "../assignments.js"
import { cardDocument } from "../card-document.js"
import { comparisonDocument, comparisonLines, contentsLines } from "../contents-table.js"
import { EXIT } from "../exit-codes.js"
import { readText } from "../files.js"
import { inputError } from "../input-error.js"
import { allBundledProfiles, issueToHome } from "../local-bank.js"
import { type CommonArguments, flag, list, type Say, value } from "../options.js"
import { type Output, tableLines } from "../output.js"
import { cardLines } from "../reading-table.js"
import { printRefusal } from "../refusal.js"

const ACTIONS = ["new", "show", "lint", "profiles", "snapshot", "restore", "diff"] as const

interface CardCommandArguments extends CommonArguments {
  readonly action: (typeof ACTIONS)[number]
  readonly file?: string
  readonly other?: string
  readonly profile?: string
  readonly set?: readonly string[]
  readonly replace?: boolean
}

export function builder(parser: Argv, say: Say) {
  return parser
    .positional("action", {
      choices: ACTIONS,
      demandOption: true,
      describe: say({
        en: "new: make a card in FILE · show: show it · lint: look for mistakes in a profile · profiles: list those that come along · snapshot: keep the present state of FILE as NAME, or list what is kept · restore: go back to NAME · diff: compare FILE with NAME, with another card, or with a new card of its profile",
        zh: "new 制卡 · show 查看 · lint 检查模板 · profiles 列出自带模板 · snapshot 将当前状态保存为快照(不给名称则列出) · restore 恢复快照 · diff 与快照、另一张卡或同模板新卡比较",
      }),
    })
    .positional("file", {
      type: "string",
      describe: say({
        en: "card file; with lint a profile's name, a profile or a card file",
        zh: "卡文件;lint 时为模板名称、模板文件或卡文件",
      }),
    })
    .positional("other", {
      type: "string",
      describe: say({
        en: "snapshot: NAME beside the card file, or a path or .card file",
        zh: "快照:保存在卡文件旁的名称,或路径、.card 文件",
      }),
    })
    .option("profile", value(say({ en: "with new: profile (NAME or FILE)", zh: "new 用:模板(名称或文件)" })))
    .option(
      "set",
      list(
        say({
          en: "with new: change a field: holder.name=张三, DF01.phone=..., DF02.qualification[0].level=4, financial=null (leave out), SSSE.photo=@FILE (bytes of a file)",
          zh: "new 用:修改字段:holder.name=张三、DF01.phone=...、DF02.qualification[0].level=4、financial=null(去除)、SSSE.photo=@文件(取文件内容)",
        }),
      ),
    )
    .option(
      "replace",
      flag(say({ en: "with snapshot: take the place of one of that name", zh: "snapshot 用:替换同名快照" })),
    )
}

export async function handler(args: CardCommandArguments, output: Output): Promise<number> {
  switch (args.action) {
    case "new":
      return makeCard(args, output)
    case "show":
      return showCard(needFile(args), output)
    case "lint":
      return lint(args.profile ?? needFile(args), output)
    case "profiles":
      return listProfiles(output)
    case "snapshot":
      return args.other === undefined ? showSnapshots(needFile(args), output) : snapshot(args, args.other, output)
    case "restore":
      return restore(args, output)
    case "diff":
      return diff(args, output)
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
  const profile = setFields(loadProfile(args.profile), assignmentsOf(args.set ?? []))
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
  const rows = [
    [output.say({ en: "profile", zh: "模板" }), `${profile.name}  ${output.say(profile.description)}`],
    ["ATR", toHex(card.atr)],
  ]
  const common = { profile: profile.name, atr: card.atr }
  if (profile.card !== "social-security") {
    for (const line of [...tableLines(rows), "", ...contentsLines(output, cardContents(card))]) output.line(line)
    output.document({ ok: true, ...common, card: profile.card })
    return EXIT.DONE
  }
  const reader = memoryReader(card)
  const session = await openCard(reader)
  const reading = await readCard(session, { keys: testKeyService() })
  const pin = await pinStatus(session)
  await reader.close()
  const status = pin.ok ? (pin.state === "needed" ? String(pin.triesLeft) : pin.state) : "-"
  for (const line of tableLines([...rows, [output.say({ en: "PIN tries left", zh: "密码剩余次数" }), status]]))
    output.line(line)
  output.line()
  if (!reading.ok) return printRefusal(output, reading)
  for (const line of cardLines(output, reading)) output.line(line)
  output.document({ ...cardDocument(reading), ...common, pinTriesLeft: status })
  return EXIT.DONE
}

function snapshot(args: CardCommandArguments, name: string, output: Output): number {
  const file = needFile(args)
  const path = takeSnapshot(file, name, { replace: args.replace ?? false })
  output.line(output.say({ en: `${file}: kept as ${name}`, zh: `${file}:已保存快照 ${name}` }))
  output.document({ ok: true, file, snapshot: name, path })
  return EXIT.DONE
}

function showSnapshots(file: string, output: Output): number {
  readCardFile(file)
  const snapshots = listSnapshots(file).map(({ name, path, taken }) => {
    const { date, time } = businessTime(taken)
    return { name, path, taken: `${dashed(date)} ${time.replace(/(..)(?=.)/g, "$1:")}` }
  })
  for (const line of tableLines(snapshots.map(({ name, taken }) => [name, taken]))) output.line(line)
  if (snapshots.length === 0) output.line(output.say({ en: "no snapshots", zh: "没有快照" }))
  output.document({ ok: true, file, snapshots })
  return EXIT.DONE
}

const dashed = (date: string) => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`

function restore(args: CardCommandArguments, output: Output): number {
  const file = needFile(args)
  const name = needSnapshot(args)
  restoreSnapshot(file, name)
  output.line(output.say({ en: `${file}: restored to ${name}`, zh: `${file}:已恢复到快照 ${name}` }))
  output.document({ ok: true, file, snapshot: name })
  return EXIT.DONE
}

function needSnapshot({ other }: CardCommandArguments): string {
  if (other === undefined) throw inputError("snapshot", { en: "expected the name of a snapshot", zh: "请给出快照名称" })
  return other
}

interface NamedCard {
  readonly name: string
  readonly profile: Profile
  readonly card: Card
}

function diff(args: CardCommandArguments, output: Output): number {
  const [before, after] = cardsToCompare(needFile(args), args.other, output)
  const comparison = compareCards(
    { card: before.card, tables: profileTables(before.profile) },
    { card: after.card, tables: profileTables(after.profile) },
  )
  output.line(output.paint("bold", `${before.name} → ${after.name}`))
  for (const line of comparisonLines(output, comparison)) output.line(line)
  output.document({ before: before.name, after: after.name, ...comparisonDocument(comparison) })
  return EXIT.DONE
}

/** Two files in the order given; a snapshot before the card that it is of; alone the card as it was made, and as it is. */
function cardsToCompare(file: string, other: string | undefined, output: Output): [NamedCard, NamedCard] {
  const present = { name: file, ...readCardFile(file) }
  if (other === undefined) {
    const { profile } = present
    const name = output.say({ en: `a new card of ${profile.name}`, zh: `${profile.name} 新卡` })
    return [{ name, profile, card: createCard({ profile }) }, present]
  }
  if (existsSync(other)) return [present, { name: other, ...readCardFile(other) }]
  return [{ name: other, ...readCardFile(existingSnapshot(file, other)) }, present]
}

const today = () => ({ today: businessTime(Date.now()).date })

function findingText(output: Output, { severity, field, en, zh }: Finding): string {
  const word = severity === "error" ? { en: "error", zh: "错误" } : { en: "warning", zh: "警告" }
  return `${output.say(word)}  ${field}  ${output.say({ en, zh })}`
}

function lint(name: string, output: Output): number {
  const { name: profile, findings } = isCardFile(name)
    ? { name: readCardFile(name).profile.name, findings: lintProfile(readCardFile(name).profile, today()) }
    : lintNamedProfile(name, today())
  for (const finding of findings) output.line(findingText(output, finding))
  if (findings.length === 0) output.line(output.say({ en: "nothing to complain about", zh: "未发现问题" }))
  const ok = !findings.some(({ severity }) => severity === "error")
  output.document({ ok, profile, findings })
  return ok ? EXIT.DONE : EXIT.USAGE
}

function isCardFile(name: string): boolean {
  const isFile = statSync(name, { throwIfNoEntry: false })?.isFile() ?? false
  return isFile && /^\{[^\n]*"shebao"\s*:\s*"card"/.test(readText(name))
}

function listProfiles(output: Output): number {
  const profiles = allBundledProfiles()
  for (const line of tableLines(profiles.map(({ name, description }) => [name, output.say(description)])))
    output.line(line)
  output.document({ profiles: profiles.map(({ name, description }) => ({ name, description })) })
  return EXIT.DONE
}

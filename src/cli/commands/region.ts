import type { Argv } from "yargs"
import {
  bundledRegions,
  diffRegions,
  lintRegion,
  loadRegion,
  type RegionFinding,
  regionJson,
  regionVersions,
} from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import { inputError } from "../input-error.js"
import { type CommonArguments, type Say, value } from "../options.js"
import { type Output, tableLines } from "../output.js"

interface RegionArguments extends CommonArguments {
  readonly action: "list" | "show" | "lint" | "diff"
  readonly regions?: readonly string[]
  readonly date?: string
}

export function builder(parser: Argv, say: Say) {
  return parser
    .positional("action", {
      choices: ["list", "show", "lint", "diff"] as const,
      demandOption: true,
      describe: say({
        en: "list the regions that come along · show one · look for mistakes · in which fields two differ",
        zh: "list 列出 · show 查看 · lint 检查 · diff 比较",
      }),
    })
    .positional("regions", {
      type: "string",
      array: true,
      describe: say({
        en: "NAME or JSON file; NAME@YYYY-MM-DD is the version of that day",
        zh: "名称或 JSON 文件;名称@YYYY-MM-DD 为该日版本",
      }),
    })
    .option(
      "date",
      value(say({ en: "the version of this day, YYYY-MM-DD (default today)", zh: "取该日版本(默认今天)" })),
    )
}

export async function handler(args: RegionArguments, output: Output): Promise<number> {
  switch (args.action) {
    case "list":
      return listRegions(output)
    case "show":
      return showRegion(args, output)
    case "lint":
      return lintRegions(args.regions?.length ? args.regions : bundledRegions(), output)
    case "diff":
      return diff(args, output)
  }
}

function listRegions(output: Output): number {
  const regions = bundledRegions().map((name) => {
    const versions = regionVersions(name)
    return { name, code: loadRegion(name, { date: versions.at(-1)! }).region.code, versions }
  })
  for (const line of tableLines(regions.map(({ name, code, versions }) => [name, code, ...versions]))) output.line(line)
  output.document({ regions })
  return EXIT.DONE
}

/** A region as a word names it: `bj-like`, `my.json`, `bj-like@2026-01-01`. */
function named(word: string, date: string | undefined): ReturnType<typeof regionJson> {
  const at = /^(.*)@(\d{4}-\d\d-\d\d)$/.exec(word)
  const [name, day] = at ? [at[1]!, at[2]] : [word, date]
  loadRegion(name, day === undefined ? {} : { date: day })
  return regionJson(name, day)
}

function need({ regions = [] }: RegionArguments, count: number): readonly string[] {
  if (regions.length === count) return regions
  throw inputError("regions", {
    en: `expected ${count}, got ${regions.length}`,
    zh: `需要 ${count} 个,收到 ${regions.length} 个`,
  })
}

function showRegion(args: RegionArguments, output: Output): number {
  const region = named(need(args, 1)[0]!, args.date)
  output.line(JSON.stringify(region, undefined, 2))
  output.document(region)
  return EXIT.DONE
}

function findingLine(output: Output, name: string, { severity, version, field, zh, en }: RegionFinding): string {
  const word = severity === "error" ? { en: "error", zh: "错误" } : { en: "warning", zh: "警告" }
  return `${output.say(word)}  ${name}@${version}  ${field}  ${output.say({ en, zh })}`
}

function lintRegions(names: readonly string[], output: Output): number {
  const findings = names.map((name) => ({ region: name, findings: lintRegion(name) }))
  for (const { region, findings: found } of findings)
    for (const finding of found) output.line(findingLine(output, region, finding))
  const all = findings.flatMap(({ findings: found }) => found)
  if (all.length === 0) output.line(output.say({ en: "nothing to complain about", zh: "未发现问题" }))
  const ok = !all.some(({ severity }) => severity === "error")
  output.document({ ok, regions: findings })
  return ok ? EXIT.DONE : EXIT.USAGE
}

function diff(args: RegionArguments, output: Output): number {
  const [left, right] = need(args, 2)
  const differences = diffRegions(named(left!, args.date), named(right!, args.date))
  const rows = differences.map(({ path, left: a, right: b }) => [
    path,
    JSON.stringify(a) ?? "-",
    JSON.stringify(b) ?? "-",
  ])
  for (const line of tableLines([["", left!, right!], ...rows])) output.line(line)
  output.document({ left, right, differences })
  return EXIT.DONE
}

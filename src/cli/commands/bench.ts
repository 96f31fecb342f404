import type { Argv } from "yargs"
import { InputError } from "../../apdu/index.js"
import { EXIT } from "../exit-codes.js"
import type { CommonArguments, Say } from "../options.js"
import { type Output, tableLines } from "../output.js"

interface BenchArguments extends CommonArguments {
  readonly names?: readonly string[]
}

/** What `bench/index.ts` exports; it is compiled beside the command line and loaded only here. */
interface BenchModule {
  readonly BENCHMARKS: Readonly<
    Record<string, { measures: string; needs?: string; run(): Promise<readonly object[]> | readonly object[] }>
  >
}

export function builder(parser: Argv, say: Say) {
  return parser.positional("names", {
    type: "string",
    array: true,
    describe: say({
      en: "engine, crypto, host, withdrawal, settlement, bureau, startup, exchange (needs pcscd); default: all but exchange",
      zh: "engine、crypto、host、withdrawal、settlement、bureau、startup、exchange(需 pcscd);默认除 exchange 外全部",
    }),
  })
}

export async function handler(args: BenchArguments, output: Output): Promise<number> {
  const { BENCHMARKS }: BenchModule = await import(new URL("../../bench/index.js", import.meta.url).href)
  const names = args.names?.length ? args.names : Object.keys(BENCHMARKS).filter((name) => !BENCHMARKS[name]!.needs)
  const unknown = names.find((name) => !BENCHMARKS[name])
  if (unknown !== undefined)
    throw new InputError("names", `expected some of ${Object.keys(BENCHMARKS).join(", ")}, got ${unknown}`)
  const results: Record<string, readonly object[]> = {}
  for (const name of names) {
    output.remark(`${name}: ${BENCHMARKS[name]!.measures} ...`)
    const rows = (results[name] = await BENCHMARKS[name]!.run())
    output.line(output.paint("bold", name))
    for (const line of figureLines(rows)) output.line(line)
    output.line()
  }
  output.document({ node: process.version, platform: `${process.platform} ${process.arch}`, results })
  return EXIT.DONE
}

function figureLines(rows: readonly object[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = rows.map((row) => columns.map((column) => figure((row as Record<string, unknown>)[column])))
  return tableLines([columns, ...cells], "  ")
}

function figure(value: unknown): string {
  if (typeof value !== "number") return value === undefined ? "" : String(value)
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3)
}

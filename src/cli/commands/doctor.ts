import type { Argv } from "yargs"
import { type DoctorFinding, doctorJson, runDoctor } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import type { Text } from "../language.js"
import type { CommonArguments } from "../options.js"
import { type Colour, type Output, padCells } from "../output.js"

export const builder = (parser: Argv) => parser

export async function handler(_: CommonArguments, output: Output): Promise<number> {
  const findings = await runDoctor()
  for (const finding of findings) for (const line of findingLines(finding, output)) output.line(line)
  output.document(doctorJson(findings, output.language))
  return findings.every(({ ok }) => ok) ? EXIT.DONE : EXIT.NO_CONNECTION
}

const LEVELS: Readonly<Record<DoctorFinding["level"], Text & { readonly colour: Colour }>> = {
  ok: { en: "ok", zh: "正常", colour: "green" },
  info: { en: "info", zh: "信息", colour: "dim" },
  warning: { en: "warning", zh: "警告", colour: "yellow" },
  error: { en: "error", zh: "错误", colour: "red" },
}

/** What was found, and below it the line that mends it. */
function findingLines({ id, level, message, remedy }: DoctorFinding, output: Output): string[] {
  const { colour, ...name } = LEVELS[level]
  const [first = "", ...rest] = output.say(message).split("\n")
  const indent = " ".repeat(14)
  const lines = [`${id.padEnd(5)}${output.paint(colour, padCells(output.say(name), 9))}${first}`]
  for (const line of rest) lines.push(indent + line)
  if (remedy) for (const line of output.say(remedy).split("\n")) lines.push(`${indent}${output.paint("cyan", line)}`)
  return lines
}

import { hex, type Transport, toHex } from "../../../src/apdu/index.js"

/** A card that answers by table: command bytes to response bytes; a list is answered one after another. */
export interface ScriptedCard extends Transport {
  /** Every command so far, hex. */
  readonly commands: string[]
}

export function scriptedCard(script: Readonly<Record<string, string | readonly string[]>>): ScriptedCard {
  const commands: string[] = []
  const answers = new Map(
    Object.entries(script).map(([command, answer]) => [
      command.replace(/\s/g, ""),
      typeof answer === "string" ? [answer] : [...answer],
    ]),
  )
  return {
    commands,
    async transmit(command) {
      const text = toHex(command)
      commands.push(text)
      const left = answers.get(text)
      const answer = left && left.length > 1 ? left.shift()! : left?.[0]
      return hex(answer ?? defaultAnswer(text))
    },
    async close() {},
  }
}

function defaultAnswer(command: string): string {
  if (command.startsWith("00A404")) return "6A82"
  return command.startsWith("00B2") ? "6A83" : "6D00"
}

const PSE_RECORD = "701B61194F08A000000333010101500A50424F43204445424954870101"
const FCI =
  "6F4B8408A000000333010101A53F500A50424F432044454249548701019F38099F7A019F02065F2A025F2D027A689F1101019F120B53484542414F2043415244BF0C0A9F4D020B0ADF4D020C0A"

export const RECORD_1_1 =
  "704957136217000000000000046D35122200000000000F5F200B43455348492F594948414F9F1F0A303030303030303030309F61123939393939393139393030313031303031369F620100"
export const RECORD_2_1 =
  "70505F25032501015F24033512315A0A6217000000000000046F5F3401019F0702FF008E100000000000000000420341031E031F009F0D05D84000A8009F0E0500100000009F0F05D84004F8005F28020156"
export const RECORD_2_2 =
  "70668C1B9F02069F03069F1A0295055F2A029A039C019F37049F21039F4E148D1D8A029F02069F03069F1A0295055F2A029A039C019F37049F21039F4E149F080200309F420201565F300202209F631053484542414F303030303030303030319F1401009F230100"

/** SELECT and directory of the default card (financial-emv §14). */
export const DIRECTORY = {
  "00A404000E315041592E5359532E444446303100": "6F1E840E315041592E5359532E4444463031A50C8801015F2D027A689F1101019000",
  "00B2010C00": `${PSE_RECORD}9000`,
  "00B2020C00": "6A83",
  "00A4040008A00000033301010100": `${FCI}9000`,
} as const

/** The records of the default card without its certificates (financial-emv §15). */
export const RECORDS = {
  "00B2010C00": [`${PSE_RECORD}9000`, `${RECORD_1_1}9000`],
  "00B2011400": `${RECORD_2_1}9000`,
  "00B2021400": `${RECORD_2_2}9000`,
} as const

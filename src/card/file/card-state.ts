import { existsSync, readFileSync } from "node:fs"
import { InputError, wrongInput } from "../../apdu/index.js"
import type { Layout } from "../layout.js"
import { PAGE_SIZE } from "../pages.js"
import { compileProfile } from "../profile/create-card.js"
import type { Profile } from "../profile/kinds.js"
import { parseProfile } from "../profile/load.js"
import { type CardFileContents, type ChangedPages, imageDigest, parseCardFile } from "./card-file-format.js"

/** Something that was wrong with a card file and was mended, in both languages. */
export interface CardFileWarning {
  /** `TORN_TAIL`: half a change at the end; `DAMAGED`: damage behind the last good change; `FROM_BACKUP`: damaged head. */
  readonly code: "TORN_TAIL" | "DAMAGED" | "FROM_BACKUP"
  /** Changes that are lost. */
  readonly lost: number
  readonly zh: string
  readonly en: string
}

/** A card as its file keeps it. */
export interface CardState {
  readonly profile: Profile
  readonly layout: Layout
  /** All cells of the memory. */
  readonly cells: Uint8Array
  readonly contents: CardFileContents
  readonly warnings: readonly CardFileWarning[]
  /** Which file it was read from. */
  readonly source: "file" | "backup"
}

/** Where a compaction leaves the file that it replaced. */
export const backupOf = (path: string): string => `${path}.bak`

/**
 * Reads the last good state of a card file, from its backup when its head is damaged.
 *
 * @throws {InputError} when there is no file, or neither it nor a backup has a whole head, or its profile compiles to
 * another memory than the file was written for
 */
export function readCardState(path: string): CardState {
  const file = readIfThere(path)
  if (file === undefined)
    throw new InputError("card", `expected a card file that can be read, got ${path}${hintOfBackup(path)}`, {
      messageZh: `card:无法读取卡文件 ${path}`,
    })
  const fromFile = parseCardFile(file)
  const backup = fromFile === undefined ? readIfThere(backupOf(path)) : undefined
  const contents = fromFile ?? (backup && parseCardFile(backup))
  if (!contents) throw saysCardFile(file) ? damagedHead(path) : noCardFile(path)
  const profile = parseProfile(contents.header.profile)
  const layout = compileProfile(profile)
  if (imageDigest(layout.image) !== contents.header.image)
    throw new InputError("card", `${path} was written for another memory layout, by another version of shebao`, {
      messageZh: `card:${path} 由其他版本的 shebao 写入,存储布局不同`,
    })
  return {
    profile,
    layout,
    cells: apply(layout.image, contents.changes),
    contents,
    warnings: fromFile ? warningsOf(contents) : [fromBackup(file), ...warningsOf(contents)],
    source: fromFile ? "file" : "backup",
  }
}

const BEGINNING = '{"shebao":"card"'

/** A damaged head still has one of its first words, unless hardly anything is left of it. */
function saysCardFile(file: Uint8Array): boolean {
  const start = new TextDecoder("latin1").decode(file.subarray(0, BEGINNING.length))
  return BEGINNING.startsWith(start) || start.includes('"shebao"') || start.includes('"card"')
}

const noCardFile = (path: string) => wrongInput("card", `${path} 不是卡文件`, `${path} is no card file of shebao`)

const damagedHead = (path: string) =>
  wrongInput(
    "card",
    `卡文件 ${path} 头部损坏,且没有可用的备份 ${backupOf(path)}`,
    `the head of the card file ${path} is damaged and there is no good backup ${backupOf(path)}`,
  )

const hintOfBackup = (path: string) => (existsSync(backupOf(path)) ? `; there is a backup ${backupOf(path)}` : "")

function readIfThere(path: string): Uint8Array | undefined {
  if (!existsSync(path)) return undefined
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new InputError("card", `cannot read ${path}: ${(cause as Error).message}`, { cause })
  }
}

function apply(image: Uint8Array, changes: readonly ChangedPages[]): Uint8Array {
  const cells = image.slice()
  for (const [page, bytes] of changes.flatMap((pages) => [...pages])) {
    if (page * PAGE_SIZE >= cells.length)
      throw new InputError(
        "card",
        `expected pages 0..${cells.length / PAGE_SIZE - 1} in the card file, got page ${page}`,
      )
    cells.set(bytes, page * PAGE_SIZE)
  }
  return cells
}

function warningsOf({ rest, lostLines }: CardFileContents): CardFileWarning[] {
  if (rest === "none") return []
  if (rest === "tornTail")
    return [
      {
        code: "TORN_TAIL",
        lost: 1,
        zh: "卡文件末尾有一条未写完的变更,已丢弃;卡片处于该变更之前的状态",
        en: "the last change in the card file was half written and is dropped; the card is as it was before it",
      },
    ]
  return [
    {
      code: "DAMAGED",
      lost: lostLines,
      zh: `卡文件损坏,损坏处之后的 ${lostLines} 条变更丢失;已恢复到此前最后的完好状态`,
      en: `the card file is damaged: ${lostLines} changes from there on are lost; the last good state before them is restored`,
    },
  ]
}

function fromBackup(file: Uint8Array): CardFileWarning {
  const lost = file.reduce((lines, byte) => lines + Number(byte === 0x0a), 0)
  return {
    code: "FROM_BACKUP",
    lost,
    zh: `卡文件头部损坏,已从备份恢复;备份之后的变更丢失${lost > 0 ? `(约 ${lost} 条)` : ""}`,
    en: `the head of the card file is damaged; the backup is restored and changes since then are lost${lost > 0 ? ` (about ${lost})` : ""}`,
  }
}

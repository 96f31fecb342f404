import type { CardKeyService, DirectoryName } from "../dictionary/index.js"
import { type CardSession, socialSecurityClient } from "../terminal/index.js"
import { parseCardInfo } from "./card-info.js"
import { authenticate, compareCard, identify, type Subject, tablesFor } from "./card-work.js"
import { type Answer, fail, refusedWith } from "./codes.js"
import {
  checkRecordNumbers,
  checkWritable,
  encodeValues,
  type FileBytes,
  readTargets,
  writeTargets,
} from "./file-access.js"
import { type FileAddress, parseFileAddress } from "./file-address.js"
import { chooseAlternative, type FileOpener, fileOpener, type Preference } from "./file-opener.js"
import { accessOf, findTargets, type TargetFile } from "./file-targets.js"
import { answerOfHsm, askHsm } from "./hsm-authentication.js"
import type { Output, StepOutput } from "./runtime.js"
import type { DriverSettings } from "./settings.js"
import { parseWriteData } from "./write-data.js"

/** What iReadCard and iWriteCard are told in common. */
export interface FileRequest {
  readonly cardInfo: string
  readonly fileAddr: string
}

type What = "read" | "write"

interface Prepared {
  readonly subject: Subject
  readonly files: readonly TargetFile[]
}

/** Everything that must be right before a file is touched: parameters, the card, its tables. */
async function prepare(
  card: CardSession,
  settings: DriverSettings,
  { cardInfo, fileAddr }: FileRequest,
  what: What,
  keys: CardKeyService | undefined,
): Promise<Answer<Prepared>> {
  const info = parseCardInfo(cardInfo)
  if (!info.ok) return info
  const address = parseFileAddress(fileAddr)
  if (!address.ok) return address
  const found = await identify(card)
  if (!found.ok) return found
  const { subject } = found
  const compared = await compareCard(subject, info.info, keys)
  if (!compared.ok) return compared
  const targets = await targetsOn(subject, settings, address.files, keys)
  if (!targets.ok) return targets
  const checked = checkRecordNumbers(targets.files, what)
  if (!checked.ok) return checked
  const forbidden = what === "write" ? checkWritable(targets.files) : undefined
  return forbidden ?? { ok: true, subject, files: targets.files }
}

/**
 * Finds the files on the card. A card of version 3.00 tells its class only to whoever has RKssse: it is asked where a
 * person's card would not have the files.
 */
async function targetsOn(
  subject: Subject,
  settings: DriverSettings,
  addresses: readonly FileAddress[],
  keys: CardKeyService | undefined,
): Promise<Answer<{ readonly files: readonly TargetFile[] }>> {
  const targets = findTargets(tablesFor(subject, settings), addresses)
  if (targets.ok || subject.identity.cardClass !== undefined || !keys) return targets
  const opened = await authenticate(subject, "RKssse", keys)
  const found = opened.ok ? await identify(subject.card) : opened
  return found.ok ? findTargets(tablesFor(found.subject, settings), addresses) : targets
}

/** Which alternative of `PIN|KEY` an iAuthType means (driver-api §2). */
const PREFERENCES: Readonly<Record<number, Preference>> = { 1: "pin", 2: "key" }

/** iReadCard. */
export async function readFiles(
  card: CardSession,
  settings: DriverSettings,
  iAuthType: number,
  request: FileRequest,
): Promise<Output> {
  const preference = PREFERENCES[iAuthType]
  if (!preference) return fail("PARAMETER")
  const { keys } = settings
  const prepared = await prepare(card, settings, request, "read", keys)
  if (!prepared.ok) return prepared
  const { subject, files } = prepared
  return readTargets(subject, fileOpener(subject, settings, { preference, keys }), files)
}

/** iWriteCard. */
export async function writeFiles(
  card: CardSession,
  settings: DriverSettings,
  { writeData, ...request }: FileRequest & { readonly writeData: string },
): Promise<Output> {
  const { keys } = settings
  const prepared = await prepare(card, settings, request, "write", keys)
  if (!prepared.ok) return prepared
  const { subject, files } = prepared
  const encoded = encodeWriteData(request.fileAddr, writeData, files)
  if (!encoded.ok) return encoded
  const written = await writeTargets(
    subject,
    fileOpener(subject, settings, { preference: "key", keys }),
    files,
    encoded.bytes,
  )
  return written.ok ? { ok: true, out: "" } : written
}

function encodeWriteData(
  fileAddr: string,
  writeData: string,
  files: readonly TargetFile[],
): Answer<{ readonly bytes: readonly FileBytes[] }> {
  const address = parseFileAddress(fileAddr)
  if (!address.ok) return address
  const parsed = parseWriteData(writeData, address.files)
  return parsed.ok ? encodeValues(files, parsed.values) : parsed
}

interface NeededKey {
  readonly name: string
  readonly directory: DirectoryName
}

/** The first key that the files want, if any. */
function firstKey(files: readonly TargetFile[], what: What): NeededKey | undefined {
  for (const { directory, file, targets } of files)
    for (const target of targets) {
      const conditions = chooseAlternative(accessOf(file, target, what), "key") ?? []
      const name = conditions.find((condition) => condition !== "PIN")
      if (name !== undefined) return { name, directory: directory.name }
    }
  return undefined
}

/** Step 1: what the HSM needs for the first key. @param work what Step 2 does when the card has accepted that key */
async function beginFiles(
  card: CardSession,
  settings: DriverSettings,
  request: FileRequest,
  what: What,
  work: (prepared: Prepared, opener: FileOpener, first: DirectoryName, inputs: readonly string[]) => Promise<Output>,
): Promise<StepOutput> {
  const prepared = await prepare(card, settings, request, what, undefined)
  if (!prepared.ok) return prepared
  const { subject, files } = prepared
  const needed = firstKey(files, what)
  if (!needed) return fail("NO_HSM_NEEDED")
  const { name: authenticated, directory: current } = needed
  const selected = await socialSecurityClient(card).selectDirectory(current)
  if (!selected.ok) return refusedWith(selected.statusWord)
  const asked = await askHsm(subject, authenticated, settings)
  if (!asked.ok) return asked
  return {
    ok: true,
    out: asked.out,
    next: async (key = "", ...inputs) => {
      const done = await answerOfHsm(subject, asked.step, key)
      if (!done.ok) return done
      // Other keys than this one can only come from a PSAM.
      const opener = fileOpener(subject, settings, { preference: "key", keys: settings.keys, current, authenticated })
      return work(prepared, opener, current, inputs)
    },
  }
}

/** iReadCard_HSM_Step1 and Step2. */
export const beginReadFiles = (
  card: CardSession,
  settings: DriverSettings,
  request: FileRequest,
): Promise<StepOutput> =>
  beginFiles(card, settings, request, "read", ({ subject, files }, opener, first) =>
    readTargets(subject, opener, files, first),
  )

/** iWriteCard_HSM_Step1 and Step2. */
export const beginWriteFiles = (
  card: CardSession,
  settings: DriverSettings,
  request: FileRequest,
): Promise<StepOutput> =>
  beginFiles(card, settings, request, "write", async ({ subject, files }, opener, first, [writeData = ""]) => {
    const encoded = encodeWriteData(request.fileAddr, writeData, files)
    if (!encoded.ok) return encoded
    const written = await writeTargets(subject, opener, files, encoded.bytes, first)
    return written.ok ? { ok: true, out: "" } : written
  })

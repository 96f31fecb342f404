import { bcdLeft, concat, encodeText, encodeTlv, hex, toHex, wrongInput } from "../../../apdu/index.js"
import { testTransportKey } from "../../../crypto/index.js"
import {
  buildCardId,
  type CardFactors,
  type DirectoryDefinition,
  deriveTestCardKey,
  encodeField,
  encodeFixedRecord,
  encodeRecord,
  type FileDefinition,
  type KeyDefinition,
  type VariableFile,
} from "../../../dictionary/index.js"
import { socialSecurityApplication } from "../../applications/social-security/application.js"
import { environmentStateElement } from "../../applications/social-security/lifecycle.js"
import type { DirectorySpec, FileSpec, KeySpec } from "../../specification.js"
import { profileAtr } from "../atr.js"
import { type FieldValues, fieldValues, fixedRecords, recordValue } from "./field-values.js"
import { medicalAccount } from "./medical.js"
import type { SocialSecurityProfile } from "./schema.js"
import { socialSecurityProfileTables } from "./tables.js"

const KEY_TRIES = 3
const MASTER_FILE_KEY = "MKMF"
const MEDICAL_DIRECTORY = "DF04"

const KEY_USE: Readonly<Record<KeyDefinition["role"], KeySpec["use"]>> = {
  internal: "internal",
  master: "master",
  maintenance: "maintenance",
  unblock: "external",
  read: "external",
  update: "external",
  debit: "transaction",
  load: "transaction",
  tac: "transaction",
  unload: "transaction",
}

/**
 * The social security environment with its application directories (card-structure §4-§10).
 *
 * @throws {InputError} when a field of the profile is unknown or does not fit its place
 */
export function socialSecurityDirectory(profile: SocialSecurityProfile): DirectorySpec {
  const tables = socialSecurityProfileTables(profile)
  const { cardFactor: form } = profile.options
  const factors: CardFactors = { atr: profileAtr(profile), region: profile.region, ...(form && { form }) }
  const keys = cardKeys(profile, tables, factors)
  const cardId = buildCardId(profile.algorithm, factors, profile.personalised ? keys.get("IRK") : undefined)
  const values = fieldValues(profile, tables, { "SSSE.cardId": toHex(cardId), "SSSE.specVersion": profile.specVersion })
  const build = (definition: DirectoryDefinition) => directorySpec(profile, definition, values, keys)
  const environment = tables.find((definition) => definition.parent === undefined)!
  return {
    ...build(environment),
    environment: true,
    pin: {
      value: bcdLeft(profile.pin.value, Math.ceil(profile.pin.value.length / 2), "pin.value"),
      tries: profile.pin.tries,
      triesLeft: profile.pin.triesLeft ?? profile.pin.tries,
    },
    elements: [environmentStateElement(profile.state)],
    directories: tables.filter((definition) => definition.parent === environment.name).map(build),
  }
}

/** The master key of the MF, under which those of the SSSE are written: the transport key (card-structure §16.6). */
export function masterFileKey(profile: SocialSecurityProfile): KeySpec {
  const own = profile.keys?.values[MASTER_FILE_KEY]
  const value = own === undefined ? testTransportKey() : hex(own, `keys.values.${MASTER_FILE_KEY}`)
  return { name: MASTER_FILE_KEY, id: 0x01, value, ...counterOf(profile, MASTER_FILE_KEY), use: "master" }
}

/** Values of all keys by name: the profile's own, else derived from the published test master keys. */
function cardKeys(
  profile: SocialSecurityProfile,
  tables: readonly DirectoryDefinition[],
  factors: CardFactors,
): ReadonlyMap<string, Uint8Array> {
  const own = profile.keys?.values ?? {}
  const keys = new Map(tables.flatMap((directory) => directory.keys.map((key) => [key.name, key] as const)))
  for (const section of ["values", "counters"] as const)
    for (const name of Object.keys(profile.keys?.[section] ?? {}))
      if (!keys.has(name) && name !== MASTER_FILE_KEY)
        throw wrongInput(`keys.${section}.${name}`, "卡上没有这个名称的密钥", "no key of this name on the card")
  return new Map(
    [...keys].map(([name, key]) => [
      name,
      own[name] === undefined
        ? deriveTestCardKey(profile.algorithm, key, factors)
        : hex(own[name], `keys.values.${name}`),
    ]),
  )
}

function directorySpec(
  profile: SocialSecurityProfile,
  definition: DirectoryDefinition,
  values: FieldValues,
  keys: ReadonlyMap<string, Uint8Array>,
): DirectorySpec {
  const medical = definition.name === MEDICAL_DIRECTORY && "medical" in profile ? profile.medical : undefined
  const account = medical && medicalAccount(medical)
  return {
    name: definition.name,
    fid: definition.fid,
    aid: definition.aid,
    fci: directoryFci(definition.aid, algorithmObject(profile)),
    keys: definition.keys.map((key) => keySpec(profile, key, keys.get(key.name)!)),
    files: definition.files.map((file) => fileSpec(profile, definition.name, file, values)),
    ...(account && { elements: account.elements }),
    application: socialSecurityApplication(account?.application),
  }
}

/** FCI of a directory: name, directory SFI 01, and what tells the key algorithm, where anything does (card-structure §4.2). */
export function directoryFci(name: Uint8Array, algorithm: Uint8Array = new Uint8Array(0)): Uint8Array {
  const proprietary = concat(encodeTlv(0x88, Uint8Array.of(1)), algorithm)
  return encodeTlv(0x6f, [encodeTlv(0x84, name), encodeTlv(0xa5, proprietary)])
}

const ALGORITHM_IDENTIFIER = { "3des": 0x01, sm4: 0x03 } as const

/** `9F 0C 86 alg`, which clients look for: as discretionary data 53 to stay valid BER-TLV, or bare as one client has it. */
export function algorithmObject({ options, specVersion, algorithm }: SocialSecurityProfile): Uint8Array {
  const form = options.fciAlgorithm ?? (specVersion === "3.00" ? "tag53" : "none")
  const bytes = Uint8Array.of(0x9f, 0x0c, 0x86, ALGORITHM_IDENTIFIER[algorithm])
  if (form === "none") return new Uint8Array(0)
  return form === "raw" ? bytes : encodeTlv(0x53, bytes)
}

function keySpec(profile: SocialSecurityProfile, key: KeyDefinition, value: Uint8Array): KeySpec {
  return { name: key.name, id: key.cardId, value, ...counterOf(profile, key.name), use: KEY_USE[key.role]! }
}

function counterOf({ keys }: SocialSecurityProfile, name: string): Pick<KeySpec, "tries" | "triesLeft"> {
  const { tries = KEY_TRIES, triesLeft = tries } = keys?.counters[name] ?? {}
  return { tries, triesLeft }
}

function fileSpec(
  profile: SocialSecurityProfile,
  directory: string,
  file: FileDefinition,
  values: FieldValues,
): FileSpec {
  const options = { path: `fields.${directory}`, blankCn: profile.options.blankCn ?? "FF" } as const
  const base = {
    name: `EF${toHex(Uint8Array.of(file.fid))}`,
    fid: file.fid,
    sfi: file.sfi,
    read: file.read,
    write: file.write,
  }
  switch (file.structure) {
    case "transparent": {
      const value = values.get(`${directory}.${file.id}`)
      return {
        ...base,
        structure: "transparent",
        content: encodeField(file.field, value as string | undefined, options),
      }
    }
    case "variable":
      return { ...base, structure: "variable", records: variableRecords(file, directory, values, options) }
    default:
      return {
        ...base,
        structure: file.structure,
        recordLength: file.recordLength,
        recordCount: file.recordCount,
        records: fixedRecords(values, directory, file).map((record) => encodeFixedRecord(file, record, options)),
      }
  }
}

function variableRecords(
  file: VariableFile,
  directory: string,
  values: FieldValues,
  options: { readonly path: string; readonly blankCn: "FF" | "00" },
) {
  return file.records.map(({ field, repetition, read }) => {
    const repetitions = file.records.filter((record) => record.field === field).length
    const value = recordValue(values, directory, field, repetition, repetitions)
    const path = directory === "SSSE" ? sectionOf(file) : options.path
    return { content: encodeRecord(field, value, { ...options, path }), ...(read !== undefined && { read }) }
  })
}

/** Where a profile gives the fields of an SSSE file: the message of an encoder should name that place. */
const sectionOf = ({ id }: FileDefinition) =>
  id === "holder" || id === "issuer" || id === "employer" ? id : "fields.SSSE"

/** The name of the MF: 社会保障 in GBK (card-structure §4.2). */
export const masterFileName = () => encodeText("社会保障", undefined)

import { encodeText, encodeTlv } from "../../../apdu/index.js"
import { isContactlessAtr } from "../../../dictionary/index.js"
import { financialDirectory, paymentDirectories } from "../../applications/financial/directories.js"
import { pkiDirectory } from "../../applications/pki/directories.js"
import { cardStateElement } from "../../applications/social-security/lifecycle.js"
import type { CardOptions, CardSpec, DirectorySpec, FileSpec } from "../../specification.js"
import { profileAtr } from "../atr.js"
import { algorithmObject, directoryFci, masterFileKey, masterFileName, socialSecurityDirectory } from "./directory.js"
import { financialSpec } from "./financial.js"
import { pkiSpec } from "./pki.js"
import type { SocialSecurityProfile } from "./schema.js"

const MASTER_FILE = 0x3f00
const SOCIAL_SECURITY_LABEL = "社会保障"
const PKI_LABEL = "PKI"

/**
 * The social security card that a profile asks for: files, keys, internal elements and their first contents.
 *
 * @throws {InputError} naming the field of the profile that is unknown or does not fit
 */
export function socialSecuritySpec(profile: SocialSecurityProfile): CardSpec {
  const socialSecurity = socialSecurityDirectory(profile)
  const {
    blankCn: _blank,
    cardFactor: _factor,
    fciAlgorithm: _algorithm,
    environmentIn = "DDF1",
    ...chosen
  } = profile.options
  const atr = profileAtr(profile)
  const contactless = isContactlessAtr(atr)
  const options: CardOptions = contactless ? { contactless: "restricted", ...chosen } : chosen
  const entries = [directoryEntry(socialSecurity, SOCIAL_SECURITY_LABEL)]
  const directories: DirectorySpec[] = []
  if (profile.personKind !== "employer" && profile.financial) {
    const financial = financialSpec(profile, profile.financial, contactless)
    const directory = financialDirectory(financial)
    directories.push(...paymentDirectories(financial.identity), directory)
    entries.push(directoryEntry(directory, financial.identity.label))
  }
  if (profile.personKind !== "employer" && profile.pki) {
    const directory = pkiDirectory(pkiSpec(profile.pki), (name) => directoryFci(name, algorithmObject(profile)))
    directories.push(directory)
    entries.push(directoryEntry(directory, PKI_LABEL))
  }
  return {
    name: profile.name,
    atr,
    algorithm: profile.algorithm,
    options,
    root: (environmentIn === "MF" ? environmentAsRoot : rootAbove)(socialSecurity, directories, {
      keys: [masterFileKey(profile)],
      elements: [cardStateElement(profile.state)],
      files: [applicationList(entries)],
    }),
  }
}

/** What the MF has of its own, wherever the SSSE sits. */
type OfMasterFile = Required<Pick<DirectorySpec, "keys" | "elements" | "files">>
type Root = (environment: DirectorySpec, others: readonly DirectorySpec[], own: OfMasterFile) => DirectorySpec

const rootAbove: Root = (environment, others, own) => ({
  name: "MF",
  fid: MASTER_FILE,
  aid: masterFileName(),
  fci: directoryFci(masterFileName()),
  ...own,
  directories: [environment, ...others],
})

/**
 * The SSSE in the place of the MF: 3F00 selects it too, and its files are the MF's (card-structure §4.1). Its master key is
 * the MF's.
 */
const environmentAsRoot: Root = (environment, others, own) => ({
  ...environment,
  fid: MASTER_FILE,
  elements: [...(environment.elements ?? []), ...own.elements],
  files: [...own.files, ...(environment.files ?? [])],
  directories: [
    ...(environment.directories ?? []),
    ...others.map((directory) => ({ ...directory, environment: true })),
  ],
})

/** EF DIR: one record for each application, readable as SFI 1 (card-structure §4.1). */
function applicationList(entries: readonly Uint8Array[]): FileSpec {
  return {
    name: "DIR",
    structure: "variable",
    sfi: 1,
    read: "free",
    write: "never",
    records: entries.map((content) => ({ content })),
  }
}

function directoryEntry(directory: DirectorySpec, label: string): Uint8Array {
  return encodeTlv(0x61, [encodeTlv(0x4f, directory.aid!), encodeTlv(0x50, encodeText(label, undefined))])
}

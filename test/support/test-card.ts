import { concat, hex, SW } from "../../src/apdu/index.js"
import { socialSecurityApplication } from "../../src/card/applications/social-security/application.js"
import { cardStateElement, environmentStateElement } from "../../src/card/applications/social-security/lifecycle.js"
import {
  type Application,
  type Card,
  type CardOptions,
  type CardRuntimeOptions,
  type CardSpec,
  cardFromLayout,
  compileLayout,
  type DirectorySpec,
  type FileSpec,
  type KeySpec,
  type VariableFileSpec,
} from "../../src/card/index.js"
import { type Algorithm, testTransportKey } from "../../src/crypto/index.js"
import { deriveTestCardKey, socialSecurityKeys } from "../../src/dictionary/index.js"

/** ATR, region and keys of the vectors in card-commands §9.4 and §9.5. */
export const TEST_ATR = hex("3B6D00000081543100 8660110816000001")
export const TEST_REGION = "320800"
export const SSSE_AID = hex("7378312E73682EC9E7BBE1B1A3D5CF")
export const SSSE_FCI = hex("6F16840F7378312E73682EC9E7BBE1B1A3D5CFA503880101")
export const BANK_AID = hex("A000000333010101")

const USES = {
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
} as const

function testKeys(algorithm: Algorithm, directory: string): KeySpec[] {
  const factors = { atr: TEST_ATR, region: TEST_REGION }
  return socialSecurityKeys
    .filter((key) => key.directory === directory)
    .map(({ name, cardId, role }) => ({
      name,
      id: cardId,
      value: deriveTestCardKey(algorithm, name, factors),
      tries: 3,
      use: USES[role],
    }))
}

const padded = (tag: number, length: number, text = "") => {
  const value = new Uint8Array(length)
  value.set(new TextEncoder().encode(text))
  return concat(tag, length, value)
}

const variable = (
  name: string,
  read: string,
  write: string,
  records: (Uint8Array | { content: Uint8Array; read?: string })[],
  spare: number[] = [],
): VariableFileSpec => ({
  name,
  structure: "variable",
  fid: Number.parseInt(name, 16),
  read,
  write,
  records: records.map((record) => (record instanceof Uint8Array ? { content: record } : record)),
  spare,
})

const transparent = (name: string, read: string, write: string, size: number): FileSpec => ({
  name,
  structure: "transparent",
  fid: Number.parseInt(name, 16),
  read,
  write,
  content: new Uint8Array(size).map((_, i) => (i * 7) & 0xff),
})

/** Application of the bank directory: an echo, a fault, a state byte, and a command of its own class. */
const bankApplication: Application = {
  name: "bank",
  without: ["0020", "805E"],
  newState: () => ({ commands: 0 }),
  admit: ({ session, memory, directory }, { ins }) => {
    ;(session.state as { commands: number }).commands++
    return memory.readByte(directory.elements.blocked!.offset) === 0 || ins === 0x18
      ? SW.OK
      : SW.CONDITIONS_NOT_SATISFIED
  },
  select: ({ memory, directory }) =>
    [SW.OK, SW.FILE_INVALIDATED, SW.FUNCTION_NOT_SUPPORTED][blockedState(memory, directory)]!,
  commands: {
    // Block with P1 = new state.
    "801E": ({ memory, directory }, { p1 }) => {
      memory.writeByte(directory.elements.blocked!.offset, p1)
      return SW.OK
    },
    "8018": ({ memory, directory }) => {
      memory.writeByte(directory.elements.blocked!.offset, 0)
      return SW.OK
    },
    // Echo of the data, or of P1 bytes when there are none.
    "80EE": ({ response }, command) => {
      if (command.lc > 0) response.append(command.data())
      else for (let i = 0; i < command.p1; i++) response.appendByte(i)
      return SW.OK
    },
    // A bug: writes, then throws.
    "80EF": ({ memory, directory }) => {
      memory.transaction(() => {
        memory.write(directory.elements.balance!.offset, Uint8Array.of(1, 2, 3, 4))
        throw new Error("bug in a handler")
      })
      return SW.OK
    },
    // Data together with an error.
    "80ED": ({ response }) => {
      response.append(Uint8Array.of(1, 2, 3))
      return SW.CONDITIONS_NOT_SATISFIED
    },
    // How many commands the state has seen.
    "80EC": ({ response, session }) => {
      response.appendByte((session.state as { commands: number }).commands)
      return SW.OK
    },
    D0EB: ({ response, random }) => {
      response.append(random(4))
      return SW.OK
    },
  },
}

function blockedState(
  memory: { readByte(offset: number): number },
  directory: { elements: Readonly<Record<string, { offset: number }>> },
): number {
  return memory.readByte(directory.elements.blocked!.offset)
}

export interface TestCardChoices {
  readonly algorithm?: Algorithm
  readonly options?: CardOptions
  readonly operatingSystem?: "socialSecurity" | "iso"
  readonly atr?: Uint8Array
  /** Tries left of the PIN. */
  readonly triesLeft?: number
}

/**
 * A small card with one of everything: SSSE (EF05-EF08), DF01 (EF05, EF06, EF09 with spare records, EF16), DF04 (EF05, EF06,
 * cyclic EF08 and EF15, fixed EF11), a second environment, and a bank directory.
 */
export function testCardSpec(choices: TestCardChoices = {}): CardSpec {
  const { algorithm = "3des", options, operatingSystem, atr = TEST_ATR, triesLeft } = choices
  const df = (number: number, files: FileSpec[]): DirectorySpec => ({
    name: `DF0${number}`,
    fid: 0xdf00 + number,
    aid: concat(hex("D156000005"), number - 1),
    fci: concat(hex("6F0D8406D156000005"), number - 1, hex("A503880101")),
    keys: testKeys(algorithm, `DF0${number}`),
    files,
    application: socialSecurityApplication(),
  })
  return {
    name: "test card",
    atr,
    algorithm,
    ...(options && { options }),
    ...(operatingSystem && { operatingSystem }),
    root: {
      name: "MF",
      fid: 0x3f00,
      fci: hex("6F0F8408C9E7BBE1B1A3D5CFA503880101"),
      keys: [{ name: "MKMF", id: 1, value: testTransportKey(), tries: 3, use: "master" }],
      elements: [cardStateElement("active")],
      files: [{ ...variable("2F00", "free", "never", [hex("6104 5002 4142")]), name: "DIR", sfi: 1 }],
      directories: [
        {
          name: "SSSE",
          fid: 0xddf1,
          aid: SSSE_AID,
          fci: SSSE_FCI,
          environment: true,
          pin: { value: hex("123456"), tries: 6, ...(triesLeft !== undefined && { triesLeft }) },
          keys: testKeys(algorithm, "SSSE"),
          elements: [environmentStateElement("active")],
          application: socialSecurityApplication(),
          files: [
            variable("EF05", "free", "UKssse", [
              hex("0110320800D156000005160000018F385B8F"),
              hex("020131"),
              { content: hex("0304322E3030"), read: "RKssse" },
            ]),
            variable("EF06", "free", "UKssse", [
              padded(0x08, 18, "11010519491231002X"),
              padded(0x09, 30),
              padded(0x0a, 1, "1"),
            ]),
            transparent("EF07", "RKssse", "UKssse", 300),
            transparent("EF08", "free", "UKssse", 1000),
          ],
          directories: [
            df(1, [
              variable("EF05", "PIN|RK1DF01", "UK1DF01", [padded(0x20, 2, "10"), padded(0x21, 0x50), padded(0x0e, 3)]),
              variable("EF06", "PIN|RK1DF01", "UK4DF01|UK1DF01", [padded(0x23, 4)]),
              variable("EF09", "free", "free", [hex("2E0141"), hex("300142"), hex("2E0143"), hex("2E0144")], [8, 16]),
              transparent("EF16", "free", "UK7DF01", 128),
            ]),
            df(4, [
              variable("EF05", "PIN|RK1DF04", "UK1DF04", [padded(0x81, 8)]),
              variable("EF06", "PIN+RK1DF04", "UK2DF04", [padded(0x90, 4, "abcd")]),
              {
                name: "EF08",
                fid: 0xef08,
                structure: "cyclic",
                read: "PIN",
                write: "never",
                recordLength: 28,
                recordCount: 30,
                records: [new Uint8Array(28).fill(2), new Uint8Array(28).fill(1)],
              },
              {
                name: "EF15",
                fid: 0xef15,
                structure: "cyclic",
                read: "free",
                write: "free",
                recordLength: 3,
                recordCount: 4,
              },
              {
                name: "EF11",
                fid: 0xef11,
                structure: "fixed",
                read: "free",
                write: "free",
                recordLength: 5,
                recordCount: 3,
                records: [hex("0102030405"), hex("1112131415")],
              },
            ]),
          ],
        },
        {
          name: "OTHER",
          fid: 0xddf2,
          aid: hex("D1560000FF01"),
          fci: new Uint8Array(0),
          environment: true,
          pin: { value: hex("9999"), tries: 3 },
        },
        {
          name: "BANK",
          aid: BANK_AID,
          fci: hex("6F0A8408A000000333010101"),
          environment: true,
          elements: [
            { id: "blocked", initial: Uint8Array.of(0) },
            { id: "balance", initial: new Uint8Array(4) },
          ],
          files: [
            {
              name: "SFI2",
              sfi: 2,
              structure: "variable",
              read: "free",
              write: "never",
              records: [{ content: concat(hex("70 82 00FE"), new Uint8Array(254).fill(0x5a)) }],
            },
          ],
          application: bankApplication,
        },
      ],
    },
  }
}

/** A powered test card; `seed` is fixed, so that its random numbers repeat. */
export function testCard(choices: TestCardChoices & CardRuntimeOptions = {}): Card {
  const card = cardFromLayout(compileLayout(testCardSpec(choices)), { seed: "test", ...choices })
  card.powerOn()
  return card
}

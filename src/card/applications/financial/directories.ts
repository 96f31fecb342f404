import { bcdLeft, concat, dolLength, hex } from "../../../apdu/index.js"
import type { Algorithm } from "../../../crypto/index.js"
import { AIP, hasBit } from "../../../dictionary/index.js"
import type { DirectorySpec, ElementSpec, FileSpec, KeySpec } from "../../specification.js"
import { financialApplication, paymentEnvironment } from "./application.js"
import { KEYS } from "./cryptogram.js"
import { type AuthenticationSpec, authenticationRecords, DDOL, signingKey } from "./data-authentication.js"
import { dataObjects } from "./data-objects.js"
import { FINANCIAL_DIRECTORY, LIFECYCLE } from "./lifecycle.js"
import { LOAD_LOG_HEAD } from "./load-log.js"
import {
  accountRecord,
  cashRecord,
  type FinancialData,
  type FinancialIdentity,
  financialFci,
  holderRecord,
  LOG_RECORDS,
  PPSE_NAME,
  PSE_NAME,
  ppseFci,
  pseFci,
  pseRecord,
  riskRecord,
} from "./records.js"
import { compileDol, readDol } from "./rules.js"

/** Everything that makes a financial application: what a profile says, with defaults filled in. */
export interface FinancialSpec {
  readonly identity: FinancialIdentity
  readonly data: FinancialData
  readonly lifecycle: keyof typeof LIFECYCLE
  readonly pin: { readonly value: string; readonly tries: number; readonly triesLeft: number }
  /** Card keys, 16 bytes each. */
  readonly keys: { readonly ac: Uint8Array; readonly mac: Uint8Array; readonly enc: Uint8Array }
  /** Algorithm of the card keys. */
  readonly algorithm: Algorithm
  /** 01 or 17 (hex). */
  readonly cryptogramVersion: number
  /** AIP and AFL. */
  readonly aip: Uint8Array
  readonly afl: Uint8Array
  readonly authentication: AuthenticationSpec | undefined
  readonly encipheredPin: boolean
  /** True for a card that is seen through a contactless reader. */
  readonly contactless: boolean
  readonly cardBlockScope: "financial" | "card"
  /** Values of data objects by element name, in hex; `null` for one that the card does not have. */
  readonly values: Readonly<Record<string, string | null>>
}

const SFI = { pse: 1, holder: 1, account: 2, electronicCash: 3, log: 0x0b, loadLog: 0x0c } as const
const KEY_TRIES = 3
/** Line of the AFL for record 1 of SFI 3. */
const CASH_LOCATION = Uint8Array.of(0x18, 0x01, 0x01, 0x00)
/** Signed data, certificates of issuer and card, last record; 57 comes with the answer itself (financial-emv §24). */
const QUICK_FILE_LOCATOR = hex("100101011003040018010100")

/** The financial application as a directory of the card, a sibling of the social security environment. */
export function financialDirectory(spec: FinancialSpec): DirectorySpec {
  const { identity, data, pin, authentication } = spec
  const signs = authentication !== undefined && authentication.method !== "sda"
  const values = dataObjectValues(spec)
  const log = readDol(hex(values.logFormat!, "financial.data.9F4F"), "financial.data.9F4F")
  const loadLog = values.loadLogFormat ? readDol(hex(values.loadLogFormat), "financial.data.DF4F") : []
  const hasCash = values.electronicCashBalance !== undefined && values.electronicCashSingleLimit !== undefined
  return {
    name: FINANCIAL_DIRECTORY,
    aid: hex(identity.aid, "financial.aid"),
    fci: financialFci(identity),
    environment: true,
    pin: {
      value: bcdLeft(pin.value, Math.ceil(pin.value.length / 2), "financial.offlinePin.value"),
      tries: pin.tries,
      triesLeft: pin.triesLeft,
    },
    keys: [
      cardKey(KEYS.cryptogram, 0xb1, spec.keys.ac),
      cardKey(KEYS.mac, 0xb2, spec.keys.mac),
      cardKey(KEYS.encryption, 0xb3, spec.keys.enc),
    ],
    elements: [...counters(spec), ...elements(values)],
    files: [
      {
        name: "holder",
        structure: "variable",
        sfi: SFI.holder,
        read: "free",
        write: "never",
        records: [{ content: holderRecord(data) }],
      },
      {
        name: "account",
        structure: "variable",
        sfi: SFI.account,
        read: "free",
        write: "never",
        records: accountRecords(spec).map((content) => ({ content })),
      },
      ...(hasCash ? [cashFile(data)] : []),
      {
        name: "log",
        structure: "cyclic",
        sfi: SFI.log,
        read: "free",
        write: "never",
        recordLength: dolLength(log),
        recordCount: LOG_RECORDS,
      },
      {
        name: "loadLog",
        structure: "cyclic",
        sfi: SFI.loadLog,
        read: "free",
        write: "never",
        recordLength: LOAD_LOG_HEAD + dolLength(loadLog),
        recordCount: LOG_RECORDS,
      },
    ],
    application: financialApplication({
      algorithm: spec.algorithm,
      cryptogramVersion: spec.cryptogramVersion,
      pdol: compileDol(hex(identity.pdol, "financial.pdol"), "financial.pdol"),
      cdol1: compileDol(hex(data.cdol1, "financial.cdol1"), "financial.cdol1"),
      cdol2: compileDol(hex(data.cdol2, "financial.cdol2"), "financial.cdol2"),
      log,
      loadLog,
      interchangeProfile: spec.aip,
      fileLocator: spec.afl,
      electronicCash: hasCash ? { fileLocator: concat(spec.afl, CASH_LOCATION) } : undefined,
      quickFileLocator: spec.contactless ? QUICK_FILE_LOCATOR : undefined,
      signingKey: signs ? signingKey(authentication) : undefined,
      ddol: compileDol(DDOL),
      combined: signs && hasBit(spec.aip, AIP.cda),
      blocksWholeCard: spec.cardBlockScope === "card",
      encipheredPin: spec.encipheredPin && signs && authentication.algorithm === "rsa",
    }),
  }
}

function cashFile(data: FinancialData): FileSpec {
  return {
    name: "electronicCash",
    structure: "variable",
    sfi: SFI.electronicCash,
    read: "free",
    write: "never",
    records: [{ content: cashRecord(data) }],
  }
}

function accountRecords({ data, aip, authentication }: FinancialSpec): Uint8Array[] {
  const certificates = authentication ? authenticationRecords(authentication, data, aip) : []
  return [accountRecord(data), riskRecord(data), ...certificates]
}

/** PSE and PPSE, both naming the one application (financial-emv §14). */
export function paymentDirectories(identity: FinancialIdentity): DirectorySpec[] {
  return [
    {
      name: "PSE",
      aid: PSE_NAME,
      fci: pseFci(identity),
      environment: true,
      files: [
        {
          name: "directory",
          structure: "variable",
          sfi: SFI.pse,
          read: "free",
          write: "never",
          records: [{ content: pseRecord(identity) }],
        },
      ],
      application: paymentEnvironment,
    },
    { name: "PPSE", aid: PPSE_NAME, fci: ppseFci(identity), environment: true, application: paymentEnvironment },
  ]
}

function cardKey(name: string, id: number, value: Uint8Array): KeySpec {
  return { name, id, value, tries: KEY_TRIES, use: "transaction" }
}

function counters(spec: FinancialSpec): ElementSpec[] {
  return [
    { id: "lifecycle", initial: Uint8Array.of(LIFECYCLE[spec.lifecycle]) },
    { id: "history", initial: Uint8Array.of(0) },
    { id: "scriptHistory", initial: Uint8Array.of(0) },
    { id: "internationalCurrencyCount", initial: Uint8Array.of(0) },
    { id: "internationalCountryCount", initial: Uint8Array.of(0) },
  ]
}

function dataObjectValues(spec: FinancialSpec): Record<string, string> {
  const values: Record<string, string> = {}
  for (const { id, initial } of dataObjects) {
    const value = id in spec.values ? spec.values[id] : initial
    if (typeof value === "string") values[id] = value
  }
  return values
}

function elements(values: Readonly<Record<string, string>>): ElementSpec[] {
  return Object.entries(values).map(([id, value]) => ({ id, initial: hex(value, `financial.data.${id}`) }))
}

import { decodeText, hex, type StatusWord, SW, type Transport } from "../../apdu/index.js"
import { type Label, PKI_FILES, SM2_POINT_LENGTH } from "../../dictionary/index.js"
import { findCandidates, selectByName as selectPayment } from "../emv/index.js"
import { readBinary, selectByFid, selectByName } from "./files.js"
import { CERTIFICATE_NAME, PKI_NAME } from "./names.js"

/** A public object of the PKI application (card-structure §12). */
export interface PkiObject {
  readonly id: "signaturePublicKey" | "signatureCertificate" | "encryptionCertificate"
  readonly fid: number
  readonly name: Label
  /** Key without its head, certificate without padding; undefined when nothing was written. */
  readonly content?: Uint8Array
  /** Why the card did not give it. */
  readonly refusal?: StatusWord
}

/** What the PKI application of a card shows to everybody. */
export interface PkiReading {
  /** SELECT was refused with this; 6A82 for a card without PKI. */
  readonly refusal?: StatusWord
  readonly objects: readonly PkiObject[]
}

/** A payment application by what its selection shows. */
export interface PaymentApplication {
  readonly aid: Uint8Array
  /** Label (tag 50) and preferred name (9F12). */
  readonly label: string | undefined
  readonly preferredName: string | undefined
  /** 9000, or 6283 for one that is blocked or not yet active. */
  readonly statusWord: StatusWord
}

const OBJECTS: readonly Omit<PkiObject, "content" | "refusal">[] = [
  {
    id: "signaturePublicKey",
    fid: PKI_FILES.signaturePublicKey.fid,
    name: { zh: "签名公钥", en: "signature public key" },
  },
  {
    id: "signatureCertificate",
    fid: PKI_FILES.signatureCertificate.fid,
    name: { zh: "签名证书", en: "signature certificate" },
  },
  {
    id: "encryptionCertificate",
    fid: PKI_FILES.encryptionCertificate.fid,
    name: { zh: "加密证书", en: "encryption certificate" },
  },
]
/** PBOC, and the schemes that share chips with it abroad. */
const PAYMENT_NAMES = ["A000000333", "A000000003", "A000000004", "A000000065"].map((name) => hex(name))

/** Reads public key and certificates. Leaves the social security application. */
export async function readPki(card: Transport): Promise<PkiReading> {
  for (const name of [PKI_NAME, CERTIFICATE_NAME]) {
    const selected = await selectByName(card, name)
    if (!selected.ok) return { refusal: selected.statusWord, objects: [] }
  }
  const objects: PkiObject[] = []
  for (const object of OBJECTS) objects.push(await readObject(card, object))
  return { objects }
}

async function readObject(card: Transport, object: Omit<PkiObject, "content" | "refusal">): Promise<PkiObject> {
  const selected = await selectByFid(card, object.fid)
  if (!selected.ok) return { ...object, refusal: selected.statusWord }
  const read = await readBinary(card)
  if (!read.ok) return { ...object, refusal: read.statusWord }
  const { content } = read
  if (content.every((byte) => byte === 0) || content.every((byte) => byte === 0xff)) return object
  const isKey = object.id === "signaturePublicKey"
  return { ...object, content: isKey ? content.subarray(2, 2 + SM2_POINT_LENGTH) : withoutPadding(content) }
}

/** A certificate as long as its outer DER sequence says; as it is, where it does not begin with one. */
function withoutPadding(content: Uint8Array): Uint8Array {
  if (content[0] !== 0x30 || content[1] !== 0x82) return content
  return content.subarray(0, 4 + content[2]! * 256 + content[3]!)
}

/** Lists the payment applications with their public names. Leaves the social security application. */
export async function readPaymentApplications(card: Transport): Promise<PaymentApplication[]> {
  const { found, blocked } = await findCandidates(card, PAYMENT_NAMES)
  const applications: PaymentApplication[] = []
  for (const aid of [...found.map((candidate) => candidate.aid), ...blocked]) {
    const { statusWord, fci } = await selectPayment(card, aid)
    if (statusWord !== SW.OK && statusWord !== SW.FILE_INVALIDATED) continue
    applications.push({
      aid,
      label: text(fci?.values.get(0x50)),
      preferredName: text(fci?.values.get(0x9f12)),
      statusWord,
    })
  }
  return applications
}

const text = (value: Uint8Array | undefined): string | undefined => (value ? decodeText(value) : undefined)

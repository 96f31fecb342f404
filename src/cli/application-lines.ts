import { X509Certificate } from "node:crypto"
import { describeStatusWord, SW, toHex } from "../apdu/index.js"
import type { PaymentApplication, PkiObject } from "../terminal/index.js"
import { type Output, tableLines } from "./output.js"

/** Public key and certificates of the PKI application. */
export function pkiLines(output: Output, objects: readonly PkiObject[]): string[] {
  const title = output.paint("cyan", `PKI  ${output.say({ en: "keys and certificates", zh: "公钥与证书" })}`)
  const rows = objects.map(({ name, content, refusal, id }) => [
    name[output.language],
    refusal !== undefined
      ? `-  ${describeStatusWord(refusal)[output.language]}`
      : content === undefined
        ? output.say({ en: "not written", zh: "未写入" })
        : id === "signaturePublicKey"
          ? toHex(content)
          : certificateText(content, output),
  ])
  return [title, ...tableLines(rows, "  ")]
}

function certificateText(content: Uint8Array, output: Output): string {
  try {
    const { subject, validTo } = new X509Certificate(content)
    return `${subject.replaceAll("\n", ", ")}, ${output.say({ en: "until", zh: "有效期至" })} ${validTo}`
  } catch {
    return `${content.length} ${output.say({ en: "bytes", zh: "字节" })}  ${toHex(content.subarray(0, 16))}..`
  }
}

/** Payment applications by their public names. */
export function paymentLines(output: Output, applications: readonly PaymentApplication[]): string[] {
  const title = output.paint("cyan", output.say({ en: "Payment applications", zh: "支付应用" }))
  const rows = applications.map(({ aid, label, preferredName, statusWord }) => [
    toHex(aid),
    [label, preferredName].filter((name) => name !== undefined).join(" / "),
    statusWord === SW.OK ? "" : describeStatusWord(statusWord)[output.language],
  ])
  return [title, ...tableLines(rows, "  ")]
}

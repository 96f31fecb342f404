import { ShebaoError } from "../../../apdu/index.js"
import type { ReaderSnapshot } from "../../readers/reader.js"
import type { PcscContext } from "../binding.js"
import { openConnection, type PcscConnection } from "../connection.js"
import type { DoctorEnvironment } from "./environment.js"
import { type Finding, failure, info, warning, well } from "./finding.js"

const USB_DEVICES = "/sys/bus/usb/devices"
/** Class of USB devices that read chip cards. */
const SMART_CARD_CLASS = "0b"

/** Longest wait for one call: a mute card must not keep the doctor. */
const PATIENCE = 5000

/** D5 and D6: readers, and readers on USB that nobody drives. */
export function checkReaders(environment: DoctorEnvironment, readers: readonly ReaderSnapshot[]): Finding[] {
  if (readers.length > 0) {
    const names = readers.map(({ name }) => name)
    return [
      well("D5", `Readers: ${names.join("; ")}`, `读卡器:${names.join(";")}`),
      well("D6", "Every reader has its driver.", "读卡器驱动正常。"),
    ]
  }
  const findings = [
    failure("D5", "No reader found.", "未找到读卡器。", "NO_READER", {
      en: "Plug one in; sudo apt install libccid. Virtual: sudo apt install vsmartcard-vpcd, then sudo systemctl restart pcscd",
      zh: "请接入读卡器;sudo apt install libccid。虚拟读卡器:sudo apt install vsmartcard-vpcd,然后 sudo systemctl restart pcscd",
    }),
  ]
  if (hasUsbReader(environment))
    findings.push(
      failure(
        "D6",
        "A smart card reader is on USB but pcscd has no driver for it.",
        "检测到读卡器但缺少驱动。",
        "DRIVER_MISSING",
        {
          en: "sudo apt install libccid; else the vendor's driver. The kernel modules pn533 and nfc may hold the device.",
          zh: "sudo apt install libccid;否则安装厂商驱动。内核模块 pn533、nfc 可能占用设备。",
        },
      ),
    )
  return findings
}

const hasUsbReader = ({ platform, listFolder, readText }: DoctorEnvironment): boolean =>
  platform === "linux" &&
  listFolder(USB_DEVICES).some(
    (device) => readText(`${USB_DEVICES}/${device}/bInterfaceClass`)?.trim().toLowerCase() === SMART_CARD_CLASS,
  )

/** D7, D8 and D10: the card in each reader, whether it can be had, and whether it answers without delay. */
export async function checkCards(
  environment: DoctorEnvironment,
  context: PcscContext,
  readers: readonly ReaderSnapshot[],
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const reader of readers) {
    findings.push(cardFinding(reader))
    if (reader.present && !reader.mute) findings.push(...(await tryCard(environment, context, reader.name)))
  }
  return findings
}

function cardFinding({ name, present, mute, inUse, exclusive }: ReaderSnapshot): Finding {
  if (!present) return info("D7", `No card. [${name}]`, `未插卡。[${name}]`, "NO_CARD")
  if (mute)
    return failure(
      "D7",
      `The card does not answer: wrong way round, dirty, or not a chip card. [${name}]`,
      `卡片无响应,请检查方向。[${name}]`,
      "CARD_MUTE",
      { en: "Turn the card round, clean the chip.", zh: "请调转卡片方向,清洁芯片。" },
    )
  if (inUse || exclusive)
    return info("D7", `A card, in use by another program. [${name}]`, `有卡,正被其他程序使用。[${name}]`, "IN_USE")
  return well("D7", `A card. [${name}]`, `有卡。[${name}]`)
}

async function tryCard(environment: DoctorEnvironment, context: PcscContext, reader: string): Promise<Finding[]> {
  let card: PcscConnection
  try {
    card = await openConnection(context, reader, { timeoutMilliseconds: PATIENCE })
  } catch (error) {
    return [connectionFinding(error, reader)]
  }
  const findings = [well("D8", `The card can be shared. [${reader}]`, `卡片可共享访问。[${reader}]`)]
  try {
    if (isVirtual(reader)) findings.push(await delayFinding(environment, card, reader))
  } catch (error) {
    findings.push(connectionFinding(error, reader))
  } finally {
    await card.disconnect("leave").catch(() => {})
  }
  return findings
}

function connectionFinding(error: unknown, reader: string): Finding {
  if (error instanceof ShebaoError && error.code === "SHARING_VIOLATION")
    return failure(
      "D8",
      `Another program holds the card exclusively. [${reader}]`,
      `卡片被其他程序独占。[${reader}]`,
      error.code,
      {
        en: "Close it: kiosk software, a browser plug-in, gpg --card-status, scdaemon.",
        zh: "请关闭该程序:自助终端软件、浏览器插件、gpg --card-status、scdaemon。",
      },
    )
  const [code, en, zh] =
    error instanceof ShebaoError
      ? [error.code, error.message, error.messageZh]
      : ["PCSC_ERROR", String(error), undefined]
  return failure("D8", en, zh ?? en, code)
}

/** Readers of the vpcd driver; the name is its configuration's. */
const isVirtual = (reader: string) => /\bVirtual PCD\b/.test(reader)

const EXCHANGES = 3
const MIN_MILLISECONDS = 35
const MAX_MILLISECONDS = 60
/** SELECT of the master file: changes nothing that outlives the connection. */
const HARMLESS = Uint8Array.of(0, 0xa4, 0, 0, 0)

/** readers §5.3 */
async function delayFinding({ now }: DoctorEnvironment, card: PcscConnection, reader: string): Promise<Finding> {
  const times: number[] = []
  for (let i = 0; i < EXCHANGES; i++) {
    const start = now()
    await card.transmit(HARMLESS)
    times.push(now() - start)
  }
  const shown = times.map((time) => `${time.toFixed(1)} ms`).join(", ")
  if (times.every((time) => time >= MIN_MILLISECONDS && time <= MAX_MILLISECONDS))
    return warning(
      "D10",
      `Every command is delayed by about 40 ms (${shown}): the vpcd driver is from before 2023. [${reader}]`,
      `虚拟读卡器驱动过旧,每条指令延迟约 40 毫秒(${shown})。[${reader}]`,
      "SLOW_DRIVER",
      {
        en: "npm i koffi where the card is served, or install a newer driver.",
        zh: "在提供虚拟卡的一侧安装可选依赖 koffi(npm i koffi),或更新驱动。",
      },
    )
  return well("D10", `Commands are answered without delay (${shown}). [${reader}]`, `指令无延迟(${shown})。[${reader}]`)
}

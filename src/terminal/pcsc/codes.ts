/** One row of readers §7.1: an error of PC/SC, as each binding reports it, and as we do. */
export interface PcscCode {
  /** Numbers that mean this; the first is pcsc-lite's. */
  readonly numbers: readonly number[]
  readonly name: string
  /** Text that the `smartcard` binding throws, which tells nothing else. Undefined where it knows the error not. */
  readonly smartcard: string | undefined
  /** `code` of the `pcsc-mini` binding. */
  readonly mini: string
  /** Our code. */
  readonly code: string
  /** True where `code` holds for transmit only. */
  readonly transmitOnly?: true
  readonly en: string
  readonly zh: string
}

const row = (
  number: number,
  name: string,
  smartcard: string | undefined,
  mini: string,
  code: string,
  en: string,
  zh: string,
): PcscCode => ({ numbers: [number], name: `SCARD_${name}`, smartcard, mini, code, en, zh })

const MUTE = [
  "The card does not answer: wrong way round, dirty, or not a chip card.",
  "卡片无响应,请检查方向、芯片是否清洁。",
] as const
const SERVICE = ["The PC/SC service is not running.", "PC/SC 服务未运行。"] as const
const GONE = ["The reader is not there.", "读卡器不存在或已拔出。"] as const
const INTERNAL = ["The PC/SC service reports an internal error.", "PC/SC 服务内部错误。"] as const

/** Every row of readers §7.1. */
export const pcscCodes: readonly PcscCode[] = [
  row(
    0x80100002,
    "E_CANCELLED",
    "Operation cancelled",
    "Cancelled",
    "CANCELLED",
    "The call was cancelled.",
    "操作已取消。",
  ),
  row(
    0x80100003,
    "E_INVALID_HANDLE",
    "Invalid handle",
    "InvalidHandle",
    "CONNECTION_CLOSED",
    "The connection to the card is closed.",
    "与卡片的连接已关闭。",
  ),
  row(0x80100001, "F_INTERNAL_ERROR", "Internal error", "InternalError", "PCSC_ERROR", ...INTERNAL),
  row(
    0x80100004,
    "E_INVALID_PARAMETER",
    "Invalid parameter",
    "InvalidParameter",
    "PCSC_ERROR",
    "The PC/SC service refuses a parameter.",
    "PC/SC 参数错误。",
  ),
  row(
    0x80100006,
    "E_NO_MEMORY",
    "Not enough memory",
    "NoMemory",
    "PCSC_ERROR",
    "The PC/SC service is out of memory.",
    "PC/SC 服务内存不足。",
  ),
  row(
    0x80100007,
    "F_WAITED_TOO_LONG",
    undefined,
    "WaitedTooLong",
    "TIMEOUT",
    "The PC/SC service waited too long.",
    "PC/SC 服务等待超时。",
  ),
  row(
    0x80100008,
    "E_INSUFFICIENT_BUFFER",
    "Insufficient buffer",
    "InsufficientBuffer",
    "BUFFER_TOO_SMALL",
    "The answer does not fit the buffer.",
    "应答超出缓冲区。",
  ),
  row(0x80100009, "E_UNKNOWN_READER", "Unknown reader", "UnknownReader", "READER_GONE", ...GONE),
  row(
    0x8010000a,
    "E_TIMEOUT",
    "Operation timed out",
    "Timeout",
    "TIMEOUT",
    "The PC/SC call timed out.",
    "PC/SC 调用超时。",
  ),
  row(
    0x8010000b,
    "E_SHARING_VIOLATION",
    "Sharing violation",
    "SharingViolation",
    "SHARING_VIOLATION",
    "Another program holds the card exclusively.",
    "卡片被其他程序独占。",
  ),
  row(
    0x8010000c,
    "E_NO_SMARTCARD",
    "No smart card present",
    "NoSmartCard",
    "NO_CARD",
    "No card is in the reader.",
    "未插卡。",
  ),
  row(
    0x8010000f,
    "E_PROTO_MISMATCH",
    "Protocol mismatch",
    "ProtoMismatch",
    "PROTOCOL_MISMATCH",
    "The card does not speak the protocol asked for.",
    "卡片不支持所要求的协议。",
  ),
  row(
    0x80100010,
    "E_NOT_READY",
    "Reader not ready",
    "NotReady",
    "READER_NOT_READY",
    "The reader is not ready.",
    "读卡器未就绪。",
  ),
  row(
    0x80100013,
    "F_COMM_ERROR",
    "Communication error",
    "CommError",
    "COMMUNICATION",
    "The exchange with the card or the PC/SC service broke.",
    "与卡片或 PC/SC 服务的通信中断。",
  ),
  row(0x80100015, "E_INVALID_ATR", "Invalid ATR", "InvalidAtr", "CARD_MUTE", ...MUTE),
  {
    ...row(
      0x80100016,
      "E_NOT_TRANSACTED",
      "Transaction failed",
      "NotTransacted",
      "CARD_REMOVED",
      "The card was removed.",
      "卡片已移除。",
    ),
    transmitOnly: true,
  },
  row(0x80100017, "E_READER_UNAVAILABLE", "Reader unavailable", "ReaderUnavailable", "READER_GONE", ...GONE),
  row(0x8010001d, "E_NO_SERVICE", "PC/SC service not running", "NoService", "NO_SERVICE", ...SERVICE),
  row(0x8010001e, "E_SERVICE_STOPPED", "PC/SC service stopped", "ServiceStopped", "NO_SERVICE", ...SERVICE),
  {
    ...row(
      0x8010001f,
      "E_UNSUPPORTED_FEATURE",
      undefined,
      "UnsupportedFeature",
      "NOT_SUPPORTED",
      "The reader or the PC/SC service does not support this.",
      "读卡器或 PC/SC 服务不支持此功能。",
    ),
    numbers: [0x8010001f, 0x80100022],
  },
  row(
    0x8010002e,
    "E_NO_READERS_AVAILABLE",
    "No readers available",
    "NoReadersAvailable",
    "NO_READER",
    "No reader found.",
    "未找到读卡器。",
  ),
  row(0x80100065, "W_UNSUPPORTED_CARD", "Card is not supported", "UnsupportedCard", "CARD_MUTE", ...MUTE),
  row(0x80100066, "W_UNRESPONSIVE_CARD", "Card is unresponsive", "UnresponsiveCard", "CARD_MUTE", ...MUTE),
  row(0x80100067, "W_UNPOWERED_CARD", "Card is unpowered", "UnpoweredCard", "CARD_MUTE", ...MUTE),
  row(
    0x80100068,
    "W_RESET_CARD",
    "Card was reset",
    "ResetCard",
    "CARD_RESET",
    "Another program reset the card: everything it knew of this session is lost.",
    "卡片被其他程序复位,会话已丢失。",
  ),
  row(
    0x80100069,
    "W_REMOVED_CARD",
    "Card was removed",
    "RemovedCard",
    "CARD_REMOVED",
    "The card was removed.",
    "卡片已移除。",
  ),
  row(
    0x8010006a,
    "W_SECURITY_VIOLATION",
    undefined,
    "SecurityViolation",
    "ACCESS_DENIED",
    "pcscd refuses this user (polkit).",
    "权限不足(polkit 拒绝)。",
  ),
]

export const unknownPcscText = { en: "The PC/SC service reports an unknown error.", zh: "PC/SC 服务返回未知错误。" }

/** The number whose text the `smartcard` binding gave; undefined for a text it gives to every error it does not know. */
export const numberOfSmartcardText = (text: string): number | undefined =>
  pcscCodes.find(({ smartcard }) => smartcard === text)?.numbers[0]

/** The number that a `code` of `pcsc-mini` stands for. */
export const numberOfMiniCode = (code: string): number | undefined =>
  pcscCodes.find(({ mini }) => mini === code)?.numbers[0]

/** The number in brackets that ends a message of `pcsclite`; only its low 32 bits count. */
export function numberInPcscliteText(text: string): number | undefined {
  const digits = /\(0x([0-9a-f]{8,16})\)$/i.exec(text)?.[1]
  return digits === undefined ? undefined : Number.parseInt(digits.slice(-8), 16)
}

/** A sentence in both languages. */
export interface Bilingual {
  readonly en: string
  readonly zh: string
}

export type CheckId = "D1" | "D2" | "D3" | "D4" | "D5" | "D6" | "D7" | "D8" | "D9" | "D10" | "D11" | "D12"

/** What one check found (readers §7.2). A check may find several things, one for each reader for example. */
export interface Finding {
  readonly id: CheckId
  /** False where something has to be mended before cards can be used. */
  readonly ok: boolean
  /** A finding that is no error may still deserve a look. */
  readonly level: "ok" | "info" | "warning" | "error"
  /** Stable name of what was found, where it is not simply well. */
  readonly code?: string
  readonly message: Bilingual
  /** What mends it: a command line, or a sentence with one. */
  readonly remedy?: Bilingual
}

const finding = (level: Finding["level"]) => {
  return (id: CheckId, en: string, zh: string, code?: string, remedy?: Bilingual | string): Finding => ({
    id,
    ok: level !== "error",
    level,
    message: { en, zh },
    ...(code && { code }),
    ...(remedy && { remedy: typeof remedy === "string" ? { en: remedy, zh: remedy } : remedy }),
  })
}

/** All is well. */
export const well = finding("ok")
/** Worth knowing. */
export const info = finding("info")
/** Works, but not as it should. */
export const warning = finding("warning")
/** Has to be mended. */
export const failure = finding("error")

/** The two languages that everything printed exists in. */
export type Language = "zh" | "en"

/** A name in both languages. */
export interface Label {
  readonly zh: string
  readonly en: string
}

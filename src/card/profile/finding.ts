/** Something that the linter has to say about a profile. */
export interface Finding {
  /** `error`: the card would be wrong; `warning`: it would work, but some reader or rule objects. */
  readonly severity: "error" | "warning"
  /** Path of the field, for example `holder.socialSecurityNumber`. */
  readonly field: string
  readonly zh: string
  readonly en: string
}

export function error(field: string, zh: string, en: string): Finding {
  return { severity: "error", field, zh, en }
}

export function warning(field: string, zh: string, en: string): Finding {
  return { severity: "warning", field, zh, en }
}

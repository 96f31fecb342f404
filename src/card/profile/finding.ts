import type { InputError } from "../../apdu/index.js"

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

/** What an error about input says, as a finding: without the field in front, which a finding has beside its text. */
export function findingOf({ field, message, messageZh }: InputError): Finding {
  const en = withoutField(message, `${field}: `)
  return error(field, messageZh === undefined ? `内容不正确:${en}` : withoutField(messageZh, `${field}:`), en)
}

const withoutField = (message: string, field: string) =>
  message.startsWith(field) ? message.slice(field.length) : message

/**
 * The one error type of shebao: every error it throws on purpose carries a stable `code`.
 *
 * A card or a host that refuses is not an error but a value (status word, answer code); errors are for broken
 * transports, broken input and bugs.
 *
 * @example
 * catch (error) { if (error instanceof ShebaoError && error.code === "CARD_REMOVED") ... }
 */
export class ShebaoError extends Error {
  /** Stable, upper-case identifier, for example `CARD_REMOVED`. */
  readonly code: string
  /** The same message in Chinese, where one exists. */
  readonly messageZh: string | undefined

  constructor(code: string, message: string, options: { messageZh?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = "ShebaoError"
    this.code = code
    this.messageZh = options.messageZh
  }
}

/** Input that a person or a file gave is wrong: names the field, what came and what was expected. */
export class InputError extends ShebaoError {
  /** Path of the offending field, for example `holder.name`. */
  readonly field: string

  constructor(field: string, message: string, options: { code?: string; messageZh?: string; cause?: unknown } = {}) {
    super(options.code ?? "INVALID_INPUT", `${field}: ${message}`, options)
    this.name = "InputError"
    this.field = field
  }
}

/**
 * An error about what a person or a file gave, told in both languages; both texts begin with the field.
 *
 * @example throw wrongInput("holder.name", "不能为空", "expected a name")
 */
export function wrongInput(
  field: string,
  zh: string,
  en: string,
  options: { code?: string; cause?: unknown } = {},
): InputError {
  return new InputError(field, en, { ...options, messageZh: `${field}:${zh}` })
}

/** The card is gone: pulled, cut from power, or its reader vanished. */
export class CardRemovedError extends ShebaoError {
  constructor(message = "The card was removed.", options: { cause?: unknown } = {}) {
    super("CARD_REMOVED", message, { ...options, messageZh: "卡片已移除。" })
    this.name = "CardRemovedError"
  }
}

/** A deadline passed. The connection it happened on is dead. */
export class TimeoutError extends ShebaoError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super("TIMEOUT", message, { ...options, messageZh: "超时。" })
    this.name = "TimeoutError"
  }
}

import type { Language } from "../dictionary/index.js"

export type { Label as Text, Language } from "../dictionary/index.js"

/**
 * The language to speak: `--lang` when given, else the first of LC_ALL, LC_MESSAGES and LANG that is set.
 *
 * @example chooseLanguage(undefined, { LANG: "zh_CN.UTF-8" }) // "zh"
 */
export function chooseLanguage(asked: string | undefined, environment: NodeJS.ProcessEnv = process.env): Language {
  if (asked === "zh" || asked === "en") return asked
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || ""
  return locale.toLowerCase().startsWith("zh") ? "zh" : "en"
}

import type { Argv } from "yargs"
import type { CardKeyService, MedicalKeyService } from "../dictionary/index.js"
import { hsmKeyService, samKeyService, samMedicalKeys, testKeyService, testMedicalKeys } from "../terminal/index.js"
import type { OpenedCard } from "./card-source.js"
import { inputError } from "./input-error.js"
import { type CardArguments, type Say, value } from "./options.js"
import type { Output } from "./output.js"
import { openSam, type SamArguments, samOption } from "./sam-source.js"

const KINDS = ["test", "sam", "hsm"] as const
export type KeySourceKind = (typeof KINDS)[number]

/** Port of the HSM service of `shebao host start`. */
export const KEY_SERVICE_PORT = 8585

/** Who holds the keys of the card. */
export interface KeyArguments extends SamArguments {
  readonly keys?: KeySourceKind
  readonly hsm?: string
}

/** Who works with the keys of a card, for one command. */
export interface OpenedKeys {
  readonly kind: KeySourceKind
  readonly service: CardKeyService
  /** For the medical account; an HSM serves it in the steps of a driver only. */
  readonly medical: MedicalKeyService | undefined
  /** The SAM, where it is one. */
  readonly sam: OpenedCard | undefined
  /** Leaves the SAM and saves what is kept in a file. */
  close(): Promise<void>
}

/** Adds the options that say where a SAM is. */
export function samOptions<T>(parser: Argv<T>, say: Say) {
  const group = say({ en: "Keys:", zh: "密钥:" })
  return parser
    .option("sam-profile", {
      ...value(say({ en: "fresh emulated SAM of this profile (psam, psam-sm4 or FILE)", zh: "按模板新建的虚拟SAM卡" })),
      group,
    })
    .option("sam-card", { ...value(say({ en: "emulated SAM kept in FILE", zh: "保存在文件中的虚拟SAM卡" })), group })
    .option("sam-reader", {
      ...value(say({ en: "PC/SC reader of the SAM by NAME or INDEX", zh: "SAM卡所在PC/SC读卡器:名称或序号" })),
      group,
    })
}

/** Adds the options that say who holds the keys. */
export function keyOptions<T>(parser: Argv<T>, say: Say) {
  const group = say({ en: "Keys:", zh: "密钥:" })
  return samOptions(parser, say)
    .option("keys", {
      ...value(
        say({
          en: "who works with the card's keys: published test keys, a SAM, or the HSM of a back office",
          zh: "密钥来源:test 公开测试密钥,sam SAM卡,hsm 后台加密机",
        }),
      ),
      choices: KINDS,
      group,
    })
    .option("hsm", {
      ...value(
        say({
          en: `URL of a key service (shebao host start --keys-port), default http://127.0.0.1:${KEY_SERVICE_PORT}`,
          zh: `密钥服务URL(shebao host start --keys-port),默认 http://127.0.0.1:${KEY_SERVICE_PORT}`,
        }),
      ),
      group,
    })
}

/**
 * Who holds the keys: what the options say; else test keys for an emulated card.
 *
 * @returns undefined for a card in a reader when nothing says it: a wrong key would cost a real card a try
 * @throws {InputError} when options contradict one another
 */
export function keySourceKind(args: KeyArguments, card: Pick<OpenedCard, "kind">): KeySourceKind | undefined {
  const implied = [samOption(args) && "sam", args.hsm !== undefined && "hsm"].filter(Boolean) as KeySourceKind[]
  const kinds = new Set([...(args.keys ? [args.keys] : []), ...implied])
  if (kinds.size > 1)
    throw inputError("keys", {
      en: `expected keys of one kind, got ${[...kinds].join(" and ")}`,
      zh: `只能指定一种密钥来源,收到 ${[...kinds].join("、")}`,
    })
  return [...kinds][0] ?? (card.kind === "reader" ? undefined : "test")
}

/**
 * Opens who works with the keys of a card.
 *
 * @throws {InputError} when options contradict one another, or nobody is named for a card in a reader
 * @throws {ShebaoError} `NO_SAM`, and what opening a card reports
 */
export async function openKeys(
  args: KeyArguments & CardArguments,
  card: OpenedCard,
  output: Output,
): Promise<OpenedKeys> {
  const kind = keySourceKind(args, card)
  switch (kind) {
    case "test":
      return {
        kind,
        service: testKeyService(),
        medical: testMedicalKeys(),
        sam: undefined,
        close: async () => undefined,
      }
    case "hsm":
      return { kind, service: hsmService(args.hsm), medical: undefined, sam: undefined, close: async () => undefined }
    case "sam": {
      const sam = await openSam(args, card, output)
      const { session } = sam
      return {
        kind,
        service: samKeyService(session),
        medical: samMedicalKeys(session),
        sam,
        close: () => sam.close(),
      }
    }
    case undefined:
      throw inputError("keys", {
        en: "say who holds the keys of this card: --keys sam, --keys hsm, or --keys test for a test card",
        zh: "请指明此卡的密钥来源:--keys sam、--keys hsm,测试卡可用 --keys test",
      })
  }
}

/** Runs a body with the keys and closes them whatever happens. */
export async function withKeys<T>(
  args: KeyArguments & CardArguments,
  card: OpenedCard,
  output: Output,
  body: (keys: OpenedKeys) => Promise<T>,
): Promise<T> {
  const keys = await openKeys(args, card, output)
  try {
    return await body(keys)
  } finally {
    await keys.close()
  }
}

function hsmService(url = `http://127.0.0.1:${KEY_SERVICE_PORT}`): CardKeyService {
  try {
    return hsmKeyService(url)
  } catch (cause) {
    throw inputError(
      "hsm",
      { en: `expected a URL of http or https, got ${JSON.stringify(url)}`, zh: `应为 http 或 https 的URL,收到 ${url}` },
      { cause },
    )
  }
}

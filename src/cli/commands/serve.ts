import type { Argv } from "yargs"
import { createCard, loadProfile, openCardFile, type Profile } from "../../card/index.js"
import type { ServedCard } from "../../virtual-reader/index.js"
import { inputError } from "../input-error.js"
import { issueToHome } from "../local-bank.js"
import { type CommonArguments, once, type Say, value } from "../options.js"
import type { Output } from "../output.js"
import { parsePort } from "../port.js"
import { assertSamProfile, samOption, samProfileFor } from "../sam-source.js"
import { type DriverArguments, driverOptions, driverPort, serve } from "../serving.js"

interface ServeArguments extends CommonArguments, DriverArguments {
  readonly profile?: string
  readonly card?: string
  readonly sam?: string
  readonly samProfile?: string
  readonly samCard?: string
}

export function builder(parser: Argv, say: Say) {
  return driverOptions(parser, say)
    .option(
      "profile",
      value(say({ en: "fresh card of this profile (NAME or FILE)", zh: "按模板(名称或文件)新建的卡" })),
    )
    .option("card", value(say({ en: "card kept in FILE", zh: "保存在文件中的卡" })))
    .option("sam", {
      type: "string",
      coerce: once,
      describe: say({
        en: "put a SAM into the next slot as well, or into that of another port: --sam=PORT",
        zh: "同时在下一卡槽放入SAM卡,或指定端口:--sam=端口",
      }),
    })
    .option(
      "sam-profile",
      value(
        say({ en: "profile of that SAM (default psam or psam-sm4, as the card)", zh: "SAM卡模板(默认按卡片算法)" }),
      ),
    )
    .option("sam-card", value(say({ en: "that SAM, kept in FILE", zh: "保存在文件中的SAM卡" })))
}

export async function handler(args: ServeArguments, output: Output): Promise<number> {
  const port = driverPort(args)
  const samPort = portOfSam(args, port)
  const { profile, ...card } = await cardToServe(args, output)
  if (samPort === undefined) return serve([{ ...card, port }], args, output)
  const sam = await orElse(() => samToServe(args, profile, output), card)
  return serve(
    [
      { ...card, port },
      { ...sam, port: samPort },
    ],
    args,
    output,
  )
}

/** Makes something, or lets go of a card that was opened before. */
async function orElse<T>(make: () => T | Promise<T>, { save }: ServedCard): Promise<T> {
  try {
    return await make()
  } catch (error) {
    await save?.()
    throw error
  }
}

/** The port of the SAM's slot; undefined where none is wanted. */
function portOfSam(args: ServeArguments, port: number): number | undefined {
  const asked = samOption(args) !== undefined
  if (args.sam === undefined && !asked) return undefined
  return args.sam ? parsePort(args.sam, 1) : port + 1
}

function samToServe(
  { samProfile, samCard }: ServeArguments,
  beside: Profile,
  output: Output,
): ServedCard | Promise<ServedCard> {
  if (samCard !== undefined) {
    const { profile, ...sam } = fileToServe(samCard, output)
    return orElse(() => {
      assertSamProfile(profile)
      return sam
    }, sam)
  }
  const profile = loadProfile(samProfile ?? samProfileFor(beside.algorithm))
  assertSamProfile(profile)
  return { card: createCard({ profile }) }
}

async function cardToServe(args: ServeArguments, output: Output): Promise<ServedCard & { profile: Profile }> {
  if ((args.card === undefined) === (args.profile === undefined)) {
    throw inputError("card", {
      en: "expected either --profile NAME or --card FILE",
      zh: "请指定 --profile 名称 或 --card 文件 之一",
    })
  }
  if (args.profile === undefined) return fileToServe(args.card!, output)
  const profile = loadProfile(args.profile)
  await issueToHome(profile, args, output)
  return { card: createCard({ profile }), profile }
}

function fileToServe(path: string, output: Output): ServedCard & { profile: Profile } {
  const file = openCardFile(path)
  for (const warning of file.warnings) output.remark(output.say(warning))
  return { card: file.card, profile: file.profile, save: () => file.close() }
}

import { hexNumber, ShebaoError } from "../../apdu/index.js"

/**
 * The card gave data that a terminal must not go on with. The kernel turns it into the outcome `cardDataError`;
 * it carries no value of the card, only the tag.
 *
 * @internal
 */
export class CardDataError extends ShebaoError {
  readonly tag: number | undefined

  constructor(tag: number | undefined, what: string) {
    super("CARD_DATA", tag === undefined ? what : `${hexNumber(tag)}: ${what}`, { messageZh: "卡片数据错误" })
    this.name = "CardDataError"
    this.tag = tag
  }
}

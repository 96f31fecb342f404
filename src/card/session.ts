import type { AccessRule, Directory, ElementaryFile } from "./layout.js"

/** The volatile state of one logical channel of a powered card; reset, power-off and closing destroy it (card-commands §8). */
export interface Session {
  directory: Directory
  file: ElementaryFile | undefined
  /** Number of the current record of `file`, 0 = none; moved by record identifiers only (ISO 7816-4 §11.3.1). */
  record: number
  /** PIN and global keys of the current environment that are satisfied. */
  environmentBits: number
  /** Local keys of the current directory that are satisfied. */
  localBits: number
  /** The last challenge drawn and the one before it; undefined when used or never drawn. */
  challenge: Uint8Array | undefined
  previousChallenge: Uint8Array | undefined
  /** Volatile state of the selected application (`Application.newState`). */
  state: unknown
  /** The rule of `file` that last refused an access, for EXTERNAL AUTHENTICATE with P2 = 00 (card-commands §6.3). */
  refused: AccessRule | undefined
  /** True while a command runs whose MAC was right: it may write files that are not closed for ever (card-commands §7.1). */
  messageAuthenticated: boolean
  readonly pinVerified: boolean
  /** Makes a directory current, with the losses of card-commands §8. */
  enterDirectory(directory: Directory): void
  /** Makes a file of the current directory current. Keys and PIN stay. */
  enterFile(file: ElementaryFile): void
}

/** The session of one channel. That of the basic channel lives as long as the card; {@link begin} makes it new. */
export class CardSession implements Session {
  directory: Directory
  file: ElementaryFile | undefined = undefined
  record = 0
  environmentBits = 0
  localBits = 0
  challenge: Uint8Array | undefined = undefined
  previousChallenge: Uint8Array | undefined = undefined
  state: unknown = undefined
  refused: AccessRule | undefined = undefined
  messageAuthenticated = false
  /** What GET RESPONSE may fetch, from where on, and the status word behind the last byte. */
  pending: Uint8Array | undefined = undefined
  pendingFrom = 0
  pendingStatus = 0

  constructor(root: Directory) {
    this.directory = root
  }

  /** Power-on and reset: everything is dropped, the MF is current. */
  begin(root: Directory): void {
    this.environmentBits = 0
    this.challenge = undefined
    this.previousChallenge = undefined
    this.pending = undefined
    this.directory = root
    this.enterDirectory(root)
  }

  /** Takes over directory and security status of another channel; files, challenges and pending data are not shared. */
  inherit(from: CardSession): void {
    this.enterDirectory(from.directory)
    this.environmentBits = from.environmentBits
    this.localBits = from.localBits
  }

  get pinVerified(): boolean {
    const { pin } = this.directory.environment
    return pin !== undefined && (this.environmentBits & pin.bit) !== 0
  }

  enterDirectory(directory: Directory): void {
    if (directory.environment !== this.directory.environment) {
      this.environmentBits = 0
      this.challenge = undefined
      this.previousChallenge = undefined
    }
    this.directory = directory
    this.localBits = 0
    this.file = undefined
    this.record = 0
    this.refused = undefined
    this.state = directory.application?.newState?.()
  }

  enterFile(file: ElementaryFile): void {
    if (this.file !== file) this.refused = undefined
    this.file = file
    this.record = 0
  }
}

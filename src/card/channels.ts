import { MAXIMUM_CHANNELS } from "./class.js"
import type { Directory } from "./layout.js"
import { CardSession } from "./session.js"

/** The logical channels of a powered card and the state of each; most cards use the basic one alone (ISO 7816-4 §5.4.2). */
export class LogicalChannels {
  private readonly root: Directory
  private readonly offered: number
  private readonly sessions: (CardSession | undefined)[]

  /** @param offered how many channels the card has, the basic one included */
  constructor(root: Directory, offered: number, basic: CardSession) {
    this.root = root
    this.offered = Math.min(offered, MAXIMUM_CHANNELS)
    this.sessions = [basic]
  }

  /** The state of an open channel; undefined while it is closed. */
  session(channel: number): CardSession | undefined {
    return this.sessions[channel]
  }

  isOffered(channel: number): boolean {
    return channel < this.offered
  }

  /** The lowest closed channel; 0 when all are open. */
  lowestClosed(): number {
    for (let channel = 1; channel < this.offered; channel++) if (this.sessions[channel] === undefined) return channel
    return 0
  }

  /**
   * Opens a closed channel. Opened from the basic channel it is as after a reset; opened from another one it has that one's
   * directory and security status (ISO 7816-4 §11.1.2).
   *
   * @param origin the channel that the command came on
   */
  open(channel: number, origin: number): void {
    const session = new CardSession(this.root)
    session.begin(this.root)
    const from = this.sessions[origin]
    if (origin !== 0 && from !== undefined) session.inherit(from)
    this.sessions[channel] = session
  }

  /** Closes a channel and drops its state. */
  close(channel: number): void {
    this.sessions[channel] = undefined
  }
}

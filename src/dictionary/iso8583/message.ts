/**
 * The data elements of a message. Digits and text are strings, binary elements bytes; which is which is fixed by the
 * field table (`dataElements`). Lengths are checked when the message is encoded.
 */
export interface MessageFields {
  /** PAN, up to 19 digits. */
  2?: string
  /** Processing code, 6 digits. */
  3?: string
  /** Amount in fen, 12 digits. */
  4?: string
  /** Transmission date and time, MMDDhhmmss. */
  7?: string
  /** System trace audit number of the terminal, 6 digits. */
  11?: string
  /** Local time, hhmmss. */
  12?: string
  /** Local date, MMDD. */
  13?: string
  /** Expiry, YYMM. */
  14?: string
  /** Settlement date, MMDD. */
  15?: string
  /** Merchant category, 4 digits. */
  18?: string
  /** Entry mode, 3 digits. */
  22?: string
  /** PAN sequence number, 3 digits. */
  23?: string
  /** Condition code, 2 digits. */
  25?: string
  /** Longest PIN, 2 digits. */
  26?: string
  /** Acquirer, up to 11 digits. */
  32?: string
  /** Forwarding institution, up to 11 digits. */
  33?: string
  /** Track 2 with D as separator, up to 37 characters. */
  35?: string
  /** Retrieval reference number, 12 characters. */
  37?: string
  /** Authorisation code, 6 characters. */
  38?: string
  /** Answer code, 2 characters. */
  39?: string
  /** Terminal, up to 8 characters. */
  41?: string
  /** Merchant, up to 15 characters. */
  42?: string
  /** Private TLV, see `decodePrivateData`. */
  48?: Uint8Array
  /** Currency, 3 digits: "156". */
  49?: string
  /** PIN block, 8 bytes, or 16 under SM4. */
  52?: Uint8Array
  /** Security control, 16 digits. */
  53?: string
  /** Balances, see `decodeBalances`. */
  54?: string
  /** IC data, BER-TLV. */
  55?: Uint8Array
  /** Private digits, see `decodePrivateDigits`. */
  60?: string
  /** Original data of a POS message, digits. */
  61?: string
  /** Wrapped working keys, see `decodeWorkingKeys`. */
  62?: Uint8Array
  /** Operator or answer text, ASCII. */
  63?: string
  /** MAC of a message without elements above 64. */
  64?: Uint8Array
  /** Original data elements, 42 digits, see `decodeOriginalData`. */
  90?: string
  /** Replacement amounts, 42 characters. */
  95?: string
  /** Account money comes from. */
  102?: string
  /** Account money goes to. */
  103?: string
  /** MAC of a message with elements above 64. */
  128?: Uint8Array
}

/** A host message: type and data elements. */
export interface Message {
  /** Message type identifier, 4 digits. */
  readonly messageType: string
  readonly fields: Readonly<MessageFields>
}

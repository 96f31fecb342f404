/** A PAN with its first 6 and last 4 digits shown. @example maskPan("6217000000000000046") // "621700*********0046" */
export const maskPan = (pan: string): string => maskMiddle(pan, 6, 4)

/** An identity number with its first 6 and last 4 characters shown. */
export const maskId = (id: string): string => maskMiddle(id, 6, 4)

/** A social security card number with its first 2 and last 2 characters shown. */
export const maskCardNumber = (cardNumber: string): string => maskMiddle(cardNumber, 2, 2)

/** A telephone number with its first 3 and last 4 characters shown. @example maskPhone("13000000001") // "130****0001" */
export const maskPhone = (phone: string): string => maskMiddle(phone, 3, 4)

/** A name with only its last character shown; a name of one character is hidden. @example maskName("张三") // "*三" */
export function maskName(name: string): string {
  const characters = [...name]
  return characters.map((character, i) => (i > 0 && i === characters.length - 1 ? character : "*")).join("")
}

/** Track 2 data with the PAN masked and all behind the separator (`=` or `D`) hidden. */
export function maskTrack2(track: string): string {
  const separator = track.search(/[=D]/)
  if (separator < 0) return maskPan(track)
  return maskPan(track.slice(0, separator)) + track[separator] + "*".repeat(track.length - separator - 1)
}

/** Shows `head` and `tail` characters; hides all of a text that is no longer than both. */
function maskMiddle(text: string, head: number, tail: number): string {
  if (text.length <= head + tail) return "*".repeat(text.length)
  return text.slice(0, head) + "*".repeat(text.length - head - tail) + text.slice(-tail)
}

/** @internal */
export const TIMESTAMP = /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d$/

/**
 * Masks identity numbers (18 characters, the last a digit or X), PANs (13 to 19 digits) and track 2 data inside any text.
 *
 * Date and time in 14 digits stay. So do hexadecimal words with letters in them (an AID, a cryptogram): bytes are
 * masked as bytes, by {@link maskCommand}, {@link maskResponse} or {@link maskBytes}, before they become text.
 *
 * @example maskText("card 6217000000000000046") // "card 621700*********0046"
 */
export function maskText(text: string): string {
  return text
    .replace(/(?<![0-9A-Za-z])\d{12,19}[=D]\d{7,}/g, maskTrack2)
    .replace(/[0-9A-Za-z]+/g, (word) =>
      isHexWithLetters(word) ? word : word.replace(/\d{17}[Xx]|\d{13,}/g, maskNumber),
    )
}

function isHexWithLetters(word: string): boolean {
  return word.length % 2 === 0 && /^[0-9A-Fa-f]+$/.test(word) && /[A-Fa-f]/.test(word)
}

function maskNumber(number: string): string {
  return TIMESTAMP.test(number) ? number : maskMiddle(number, 6, 4)
}

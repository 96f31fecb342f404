/** S-boxes S1 to S8 of FIPS 46-3: four rows of 16 outputs each, in hexadecimal. */
const S_BOXES = [
  "E4D12FB83A6C5907" + "0F74E2D1A6CB9538" + "41E8D62BFC973A50" + "FC8249175B3EA06D",
  "F18E6B34972DC05A" + "3D47F28EC01A69B5" + "0E7BA4D158C6932F" + "D8A13F42B67C05E9",
  "A09E63F51DC7B428" + "D709346A285ECBF1" + "D6498F30B12C5AE7" + "1AD069874FE3B52C",
  "7DE3069A1285BC4F" + "D8B56F03472C1AE9" + "A690CB7DF13E5284" + "3F06A1D8945BC72E",
  "2C417AB6853FD0E9" + "EB2C47D150FA3986" + "421BAD78F9C5630E" + "B8C71E2D6F09A453",
  "C1AF92680D34E75B" + "AF427C9561DE0B38" + "9EF528C3704A1DB6" + "432C95FABE17608D",
  "4B2EF08D3C975A61" + "D0B7491AE35C2F86" + "14BDC37EAF680592" + "6BD814A7950FE23C",
  "D2846FB1A93E50C7" + "1FD8A374C56B0E92" + "7B419CE206ADF358" + "21E74A8DFC90356B",
]

/** Permutation P of the 32 output bits. */
const P = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
]

/** Permuted choice 2: the 48 bits of a round key out of C and D, 24 of each. */
const PC2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47, 55, 30,
  40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
]

/** Permuted choice 1: the 28 bits of C, then of D, out of the key's 64. */
export const PC1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36, 63, 55,
  47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
]

/** By how many places C and D are rotated before each round key is taken. */
export const ROTATIONS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]

/** Where P puts the four output bits of each box, as words. */
function permutedBit(bit: number): number {
  const place = P.indexOf(bit)
  // Rotated left by one bit, see below.
  return 1 << ((32 - place) & 31)
}

/**
 * S-boxes and P in one: 64 words for each box, by its six input bits. A block's halves are kept rotated left by one bit,
 * so that expansion E needs no table; these words are rotated the same way.
 */
export const SUBSTITUTION = new Int32Array(512)
S_BOXES.forEach((outputs, box) => {
  const words = [4, 3, 2, 1].map((bit) => permutedBit(4 * box + bit))
  for (let input = 0; input < 64; input++) {
    const row = ((input >> 4) & 2) | (input & 1)
    const nibble = Number.parseInt(outputs[row * 16 + ((input >> 1) & 15)]!, 16)
    for (let bit = 0; bit < 4; bit++) if ((nibble >> bit) & 1) SUBSTITUTION[64 * box + input]! |= words[bit]!
  }
})

/**
 * Permuted choice 2 by groups of seven bits of C and D: two words for each of their 128 values. The first word holds
 * the bits for S1, S3, S5, S7 at the bottom of its bytes, the second those for S2, S4, S6, S8.
 */
export const ROUND_KEY = new Int32Array(8 * 128 * 2)
PC2.forEach((bit, place) => {
  const box = Math.floor(place / 6)
  const word = 1 << (24 - 8 * (box >> 1) + 5 - (place % 6))
  const mask = 1 << (6 - ((bit - 1) % 7))
  const group = 256 * Math.floor((bit - 1) / 7)
  for (let value = 0; value < 128; value++) if (value & mask) ROUND_KEY[group + 2 * value + (box & 1)]! |= word
})

import { describe, expect, it } from "vitest"
import { hex, notBytes, toHex } from "../../src/apdu/index.js"
import {
  type Algorithm,
  authenticationData,
  blockEncrypt,
  blockSizeOf,
  challengeSessionKey,
  deriveCardKey,
  desCbcMac,
  diversify,
  foldKey,
  mac4,
  pad80,
  sm4CbcMac,
  tacKey,
  testMasterKey,
  testTransportKey,
  transactionSessionKey,
  xor4,
} from "../../src/crypto/index.js"

const CARD = hex("8660110816000001")
const CITY = hex("3332303830307378")
const PROVINCE = hex("3332303030307368")
const X = hex("0102030405060708")

const ids = {
  IRK: "08",
  STKssse: "09",
  RKssse: "0A",
  PUK: "10",
  UKssse: "12",
  UK1DF01: "42",
  RK1DF04: "2D",
  DPK: "01",
  DLK: "02",
  DTK: "03",
  DULK: "04",
} as const
type Name = keyof typeof ids
const isProvincial = (name: Name): boolean => name === "IRK" || name === "RK1DF04"
const factors = (name: Name): Uint8Array[] => (isProvincial(name) ? [PROVINCE, CITY, CARD] : [CITY, CARD])
const cardKey = (algorithm: Algorithm, name: Name): Uint8Array =>
  deriveCardKey(algorithm, testMasterKey(algorithm, ids[name]), factors(name))

/** Name, master key, then the key after each level; the last is the card's. */
const diversifications: Record<Algorithm, [Name, ...string[]][]> = {
  "3des": [
    [
      "IRK",
      "14E45662058ADDED6303F29212A17395",
      "3630A0848015733ED1AF076A4E3BC181",
      "00BE84FFDA608EC795A7349655987C11",
      "A9D58354AF7A970A0BFEE52F46AF85BA",
    ],
    [
      "STKssse",
      "02DFEE906123F429D7A758916445503B",
      "7B6CAA6317F715211852F12E11E380D1",
      "22C19980C402897062C725848880B0D1",
    ],
    [
      "RKssse",
      "86F96A087C8403DDF3554D5FF8AF6B55",
      "E3BA8F35532E7C1FF2FBCF3841FF93AE",
      "29982F86F0E0D78565B3BD78155D9E9B",
    ],
    ["PUK", "8A5499883678D2681F0E25F7DF3F4FF1", "1ED61942DE103A25216F9970A595CDDD", "7E5B3A9F5000D206F9D21278F60737EB"],
    [
      "UKssse",
      "FED3DDFBCB081B0C001065F8F890FEEF",
      "C614A672CCFBC36385FBD680EBF033AC",
      "202AA40CCA8A51A7E8ACF02681DB9366",
    ],
    [
      "UK1DF01",
      "FD59EB70DDCB629D825385F0E5DB7ACB",
      "11C734E4418618807667DE70B30EC139",
      "66E56F866923537EF3EBF4E1928A6FB4",
    ],
    [
      "RK1DF04",
      "FA8645DAC75B86B2E9E76E7A37BD1D2D",
      "23C7B5FA3204DBDFA5E6616CD543B534",
      "56F4110F6F9DAB586908125E73304819",
      "6DFF08D9C53459951CE0F3FD41804628",
    ],
    ["DPK", "BA76A88714F409FD8B693BB091629C0C", "9959B27E42193A3F7A0D591133E1748C", "89AF59E08079C7465873F54D0C620EA4"],
    ["DLK", "EE1053E186F787656737ECFB50F4B498", "55F90D14122B77DC039B677D51A49B5B", "2A1C9EFBAB9ED97708B96C8BF67224AB"],
    ["DTK", "1DCBD86337E872DCF1E726D46680362E", "006022CB9AC91DBA0E489E1D677980F6", "121A58C580BEF814E8B85B23F8388B73"],
    [
      "DULK",
      "C7448AA391E50040EFD378B8BA1E9D35",
      "9CF0811FF7E97FBF980658843123B2A4",
      "48A60B94C0D7EBD7AA8E511A81C26746",
    ],
  ],
  sm4: [
    [
      "IRK",
      "E539A5F39A1A60FBB8A38CEBFD6DFFC6",
      "2B63EAE199AFB878043302C8677B63C2",
      "D4CB1A6A28CC1F2F1B52304C2F7E5157",
      "66EFFFD64288CBABA7035A9D9368E015",
    ],
    [
      "STKssse",
      "CC4E9A9336335D9543D49BAAA4448AF3",
      "70C2950A461BB903025D1E8407DC99D5",
      "95CAF293726BDF39F05AEEECE11EC3F7",
    ],
    [
      "RKssse",
      "821A7138B77F25E5910B4B7FE51D1A26",
      "2496858A28117DCA0BA2ADCC997229F4",
      "8C7D401884D85A7CE4BE38D713ED6865",
    ],
    ["PUK", "B74DDA56F6B2A0ED57ADB69070F37280", "5E3AD4A48566EA6BA09A5CA3F39E754C", "D8631C3313CF68DCB24478BCE99FE1CA"],
    [
      "UKssse",
      "F7A2A69975B9CF92CF8937F9394E81B7",
      "7E0186E20DFFA58C9BAFF914C4A935D6",
      "689F7D31F1F27D0F5652E85E451F7E7E",
    ],
    [
      "UK1DF01",
      "B3375F3A0825D23262C989DD8FE4B142",
      "2C37609A025C0CEFF8E2835CC45F6C0D",
      "222F8DA73072E27BB108642146E1E0BD",
    ],
    [
      "RK1DF04",
      "B44F4DCC51D7D3BB7BA858F2F065337B",
      "BFF3DC75E3F50653992F42F2362C7D1A",
      "BD10038BF78B958471190CE42377C3F0",
      "3DB2742ED7F9BD5E303BEFE6B14D193C",
    ],
    ["DPK", "DCEB34AF56FDCB33099AB27EBDCC4D69", "5A5D561A019A528DD3F70E9E5AABCF0C", "6A2AB4FD91CF26CB73A2FD5633898907"],
    ["DLK", "8EAA17E21404C2FF410146AB8FE67FC4", "CADA259AF9E5749B3F7146E200CAB015", "A3CB0E3AC8DD2697431D700FEA0AA438"],
    ["DTK", "EFDCF6FD01C791B47DF670FEB26CF383", "2F5B43C7FCBDEDC64B0EE857CB1A42A5", "846BEC33AE1CE8C9EA232C3F18519C96"],
    [
      "DULK",
      "3AC49106AFD48D06E24BCA45B17DED2A",
      "82B8BBA00CDAE3C870E4ADA8F38B9E7C",
      "9C023E1FD3DAFCFE5854A9C35E8DD8D6",
    ],
  ],
}

describe.each(["3des", "sm4"] as const)("diversification of %s test keys (card-commands §9.4, §9.5)", (algorithm) => {
  it.each(diversifications[algorithm])("derives %s level by level", (name, master, ...levels) => {
    let key = testMasterKey(algorithm, ids[name])
    expect(toHex(key)).toBe(master)
    const steps = factors(name).map((factor) => {
      key = diversify(algorithm, key, factor)
      return toHex(key)
    })
    expect(steps).toEqual(levels)
    expect(toHex(cardKey(algorithm, name))).toBe(levels.at(-1))
  })
})

describe("card-id check code (card-structure §18.1)", () => {
  const data = hex("320800D15600000516000001")
  it("T1: DES-CBC MAC under the folded IRK", () => {
    const folded = foldKey(cardKey("3des", "IRK"))
    expect(toHex(folded)).toBe("A22B667BE9D512B0")
    expect(toHex(desCbcMac(folded, pad80(data, 8)).subarray(0, 4))).toBe("8F385B8F")
  })
  it("S1: SM4-CBC MAC under the IRK, left 4", () => {
    expect(toHex(mac4("sm4", cardKey("sm4", "IRK"), data, "left4"))).toBe("F4EF9485")
  })
})

describe("session keys and authentication data (card-commands §9.4, §9.5)", () => {
  it.each<[string, Algorithm, Name, string, string, string]>([
    ["T2", "3des", "IRK", "1122334455667788", "19AB2635914A7DCD", "F4F14BF11083845F"],
    ["T3", "3des", "RKssse", "A1A2A3A4A5A6A7A8", "C64E87B5474467C3", "2898438E02652C17"],
    ["T4", "3des", "UKssse", "B1B2B3B4B5B6B7B8", "9DD5DD36A6A782EE", "0DE48E9A7E4B4C53"],
    ["T5", "3des", "PUK", "D1D2D3D4D5D6D7D8", "2DB4FCDD107B1973", "194E6DE3C5E83C6C"],
    ["T6", "3des", "UK1DF01", "2021222324252627", "357C58C8119AF3FE", "368A9CF7A345AB93"],
    ["T7", "3des", "RK1DF04", "3031323334353637", "46D2020BF38AFDD1", "5177CB5B936B275E"],
    ["S2", "sm4", "IRK", "1122334455667788", "CE6EE04FE87384AE3CF7545B4DA35854", "C82A956D935FF6E23A27F7BC31D089E8"],
    ["S3", "sm4", "RKssse", "A1A2A3A4A5A6A7A8", "2B226F1BCD480C2DBBDA0D9582B8693A", "E857CBBA403E828137F835B32576FA8D"],
    ["S4", "sm4", "UKssse", "B1B2B3B4B5B6B7B8", "A55DA7C4D40BBA8CF9C607957C669822", "ADEC297EF305984DCB5E805ABE93D13D"],
    ["S5", "sm4", "PUK", "D1D2D3D4D5D6D7D8", "ACECFD32C0AFB6BC7080B81B7059E1EA", "875B5E2C24D3606112CBA985166CB6A0"],
    [
      "S6",
      "sm4",
      "UK1DF01",
      "2021222324252627",
      "A438D100505EAAEAC1F5046AB314E42B",
      "AE3EF6C43D61C79C917774E89951788A",
    ],
    [
      "S7",
      "sm4",
      "RK1DF04",
      "3031323334353637",
      "E4FAEF0340EEBADCA2A7E583DE372026",
      "BB68C2957CF5E8D7174CEA1CE4E66F0C",
    ],
  ])("%s: %s %s", (_, algorithm, name, challenge, sessionKey, answer) => {
    const session = challengeSessionKey(algorithm, cardKey(algorithm, name), hex(challenge))
    expect(toHex(session)).toBe(sessionKey)
    expect(toHex(authenticationData(algorithm, session, X))).toBe(answer)
  })
})

describe.each<{
  algorithm: Algorithm
  sessionKey: string
  reload: string
  pinBlock: string
  macs: [name: string, data: string, xor4OrLeft: string, left4: string][]
}>([
  {
    algorithm: "3des",
    sessionKey: "9229644B80B0D181",
    pinBlock: "0312345680000000",
    reload: "D3C829A7803F2F92",
    macs: [
      ["T8 PIN RELOAD", "842400010CD3C829A7803F2F92", "F6CDF497", "F6CDF497"],
      ["T9 PIN UNBLOCK", "8424000004", "5F70B247", "5F70B247"],
      ["T10 APPLICATION BLOCK", "841E000004", "1C125D57", "1C125D57"],
      ["T10 CARD BLOCK", "8416000004", "DF443CA3", "DF443CA3"],
      ["T11 UPDATE RECORD with MAC", "04DC0404070A0131", "91599F3E", "91599F3E"],
    ],
  },
  {
    algorithm: "sm4",
    sessionKey: "6D4D6DD4BE58B4FECF7FBA5DB87B921F",
    pinBlock: "03123456800000000000000000000000",
    reload: "F301F15DA516DFF82B05A661B9A37094",
    macs: [
      ["S8 PIN RELOAD", "8424000114F301F15DA516DFF82B05A661B9A37094", "6765F23B", "992953B8"],
      ["S9 PIN UNBLOCK", "8424000004", "555FD2C4", "00120EB8"],
      ["S10 APPLICATION BLOCK", "841E000004", "7C02ACC2", "AB225A3B"],
      ["S10 CARD BLOCK", "8416000004", "EB84EF8A", "946E858E"],
      ["S11 UPDATE RECORD with MAC", "04DC0404070A0131", "0B97A8B0", "B4F6885E"],
    ],
  },
])("secure messaging on $algorithm cards (card-commands §7.1)", ({ algorithm, sessionKey, pinBlock, reload, macs }) => {
  const session = challengeSessionKey(algorithm, cardKey(algorithm, "STKssse"), hex("C1C2C3C4C5C6C7C8"))

  it("derives the session key and enciphers the new PIN (T8, S8)", () => {
    expect(toHex(session)).toBe(sessionKey)
    // A single DES key is the triple DES key K K.
    const key = algorithm === "3des" ? hex(sessionKey + sessionKey) : session
    expect(toHex(blockEncrypt(algorithm, key, hex(pinBlock)))).toBe(reload)
  })

  it.each(macs)("%s", (_, data, mac, left4) => {
    expect(toHex(mac4(algorithm, session, hex(data)))).toBe(mac)
    expect(toHex(mac4(algorithm, session, hex(data), "left4"))).toBe(left4)
  })
})

describe.each([
  [
    "T12",
    "3des",
    "18470A000000000000" + "29982F86F0E0D78565B3BD78155D9E9B" + "80000000000000",
    "572CE7E0F799B5C9982CB7B666BC78D59F02105C231911F8126A2F7BE6CE2E7D",
    "1F8AFDC41765C320",
    "84D4000A24",
    "F4F2218A",
  ],
  [
    "S12",
    "sm4",
    "18470A000000000000" + "8C7D401884D85A7CE4BE38D713ED6865" + "80000000000000",
    "15381CA3DFA139A22A9BF21DF53CC5A9545CB347B89AE38CBCE7660C13C8E3CA",
    "7788976EC4A62871C8432BE1DE76C7C9",
    "84D4010A24",
    "780D9A99",
  ],
] as const)(
  "%s: WRITE KEY on %s cards (card-commands §13)",
  (_, algorithm, block, enciphered, sessionKey, header, mac) => {
    it("enciphers the key block and signs the command under the transport key", () => {
      expect(toHex(blockEncrypt(algorithm, testTransportKey(), hex(block)))).toBe(enciphered)
      const session = challengeSessionKey(algorithm, testTransportKey(), hex("E1E2E3E4E5E6E7E8"))
      expect(toHex(session)).toBe(sessionKey)
      expect(toHex(mac4(algorithm, session, hex(header + enciphered)))).toBe(mac)
    })
  },
)

describe("medical account (card-commands §10.7)", () => {
  type Step = [name: string, data: string, mac: string, left4: string]
  const load = "0000138831320800000001"
  const debit = "000003E8000007D035320800000001"
  const unload = "000036B033320800000001"
  const cases: [string, Algorithm, Name, string, string, string, Step[], Step[]][] = [
    [
      "load",
      "3des",
      "DLK",
      "5A6B7C8D",
      "00058000",
      "E72B3B5BB20CF3E2",
      [
        ["MAC1", `00002710${load}`, "3D19918C", "3D19918C"],
        ["MAC2", `${load}20240315093000`, "967098F1", "967098F1"],
      ],
      [["TAC", `00003A980005${load}20240315093000`, "378E4E82", "378E4E82"]],
    ],
    [
      "load",
      "sm4",
      "DLK",
      "5A6B7C8D",
      "00058000",
      "ABF039696A0618A63AEA8E997707C35F",
      [
        ["MAC1", `00002710${load}`, "FA8FFD46", "08925669"],
        ["MAC2", `${load}20240315093000`, "16AAAEF9", "14E1D049"],
      ],
      [["TAC", `00003A980005${load}20240315093000`, "78F44BC6", "B6A612E8"]],
    ],
    [
      "debit",
      "3des",
      "DPK",
      "0F1E2D3C",
      "000C000C",
      "293DC0DBC143B11C",
      [
        ["MAC1", `00000000${debit}20240315101530`, "4D47ACEE", "4D47ACEE"],
        ["MAC2", "000003E8000007D0", "9DA0667A", "9DA0667A"],
      ],
      [["TAC", `${debit}0000000C20240315101530`, "F9CAF445", "F9CAF445"]],
    ],
    [
      "debit",
      "sm4",
      "DPK",
      "0F1E2D3C",
      "000C000C",
      "9B27E62DC0E549E44B8604CD1DD5A761",
      [
        ["MAC1", `00000000${debit}20240315101530`, "30D9CFD3", "0F8099B4"],
        ["MAC2", "000003E8000007D0", "07D3626F", "79948A2E"],
      ],
      [["TAC", `${debit}0000000C20240315101530`, "37D9F19B", "726C8BB9"]],
    ],
    [
      "unload",
      "3des",
      "DULK",
      "77665544",
      "00068000",
      "AEEB366FF059DACA",
      [
        ["MAC1", `000036B0${unload}`, "B0755016", "B0755016"],
        ["MAC2", `${unload}20240316140000`, "33A4AAA0", "33A4AAA0"],
        ["MAC3", `000000000006${unload}20240316140000`, "48598AA7", "48598AA7"],
      ],
      [["TAC", `000000000006${unload}20240316140000`, "13BD439D", "13BD439D"]],
    ],
    [
      "unload",
      "sm4",
      "DULK",
      "77665544",
      "00068000",
      "6BEE6C676E9C242564EA0529D079FEB0",
      [
        ["MAC1", `000036B0${unload}`, "6B7AC383", "B502B3D1"],
        ["MAC2", `${unload}20240316140000`, "D09402CD", "61811FED"],
        ["MAC3", `000000000006${unload}20240316140000`, "E25EB45F", "4D841945"],
      ],
      [["TAC", `000000000006${unload}20240316140000`, "84F86F83", "A1D5C39B"]],
    ],
  ]

  it.each(cases)("%s on %s cards", (_, algorithm, keyName, random, rest, sessionKey, steps, tacs) => {
    const key = cardKey(algorithm, keyName)
    const tail = hex(rest)
    const session = transactionSessionKey(algorithm, key, hex(random), tail.subarray(0, 2), tail.subarray(2))
    expect(toHex(session)).toBe(sessionKey)
    for (const [name, data, mac, left4] of steps) {
      expect(toHex(mac4(algorithm, session, hex(data))), name).toBe(mac)
      expect(toHex(mac4(algorithm, session, hex(data), "left4")), name).toBe(left4)
    }
    const tac = tacKey(algorithm, cardKey(algorithm, "DTK"))
    for (const [name, data, mac, left4] of tacs) {
      expect(toHex(mac4(algorithm, tac, hex(data))), name).toBe(mac)
      expect(toHex(mac4(algorithm, tac, hex(data), "left4")), name).toBe(left4)
    }
  })

  it("folds the DTK of 3DES cards", () => {
    expect(toHex(tacKey("3des", cardKey("3des", "DTK")))).toBe("FAA203E678867367")
  })
})

describe("SAM (card-commands §11.3)", () => {
  it("gives the medical debit MAC from the session input random ‖ number ‖ number", () => {
    const session = challengeSessionKey("3des", cardKey("3des", "DPK"), hex("0F1E2D3C000C000C"))
    const padded = hex("00000000000003E8000007D03532080000000120240315101530800000000000")
    expect(toHex(desCbcMac(session, padded).subarray(0, 4))).toBe("4D47ACEE")
  })
})

describe("PKI application (card-commands §12)", () => {
  const challenge = hex("00112233445566778899AABBCCDDEEFF")
  const master = testTransportKey()
  const mac = (data: string): Uint8Array => sm4CbcMac(master, pad80(hex(data), 16), challenge)

  it("authenticates with the master key", () => {
    expect(toHex(blockEncrypt("sm4", master, challenge))).toBe("B1C2FF78FC22FF05018AD65CF558CA9B")
  })
  it("updates the master key", () => {
    const enciphered = blockEncrypt(
      "sm4",
      master,
      hex(`13000000A0A1A2A3A4A5A6A7A8A9AAABACADAEAF${"80".padEnd(24, "0")}`),
    )
    expect(toHex(enciphered)).toBe("210617D7DBE6215314277356AC36696799D496DA430AB6F843D70035DB7C503D")
    const block = mac(`84D4010024${toHex(enciphered)}`)
    expect(toHex(block)).toBe("DE75A9FF866B770AE7774C75710BCE4D")
    expect(toHex(xor4(block))).toBe("CE625CCD")
  })
  it("changes the administrator PIN", () => {
    const enciphered = blockEncrypt("sm4", master, hex("04876543218".padEnd(32, "0")))
    expect(toHex(enciphered)).toBe("C7C95A4F5876FAC773FFD8633FAA451F")
    expect(toHex(xor4(mac(`845E010014${toHex(enciphered)}`)))).toBe("BD5031CE")
  })
})

it("knows which algorithm has which block", () => {
  expect([blockSizeOf("3des"), blockSizeOf("sm4")]).toEqual([8, 16])
  expect(toHex(notBytes(hex("00FF")))).toBe("FF00")
})

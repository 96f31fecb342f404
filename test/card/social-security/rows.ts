/**
 * The tables of card-structure §5-§11, §13, §14 and the access matrix of §15, written down a second time and by hand: what
 * a card must hold, whatever the dictionary says.
 *
 * A file: `DIRECTORY FID structure read write`, for cyclic files `cyclic:records:length`, for transparent `transparent:size`.
 * A row: `record tag length type id [= value]`; a record number with `-` stands for several; cyclic rows have an offset in
 * place of record and tag. Rows of a list begin with a point. All numbers are hexadecimal.
 */
const ISSUER = `
  1 01 10 B  cardId
  2 02 01 AN cardClass = 1
  3 03 04 AN specVersion
  4 04 0C CN initialisingBody = 123456789012345678901234
  5 05 04 CN issueDate = 20250101
  6 06 04 CN expiryDate = 20341231
  7 07 09 AN cardNumber = SB0000012`

const HOLDER = `
  1 08 12 AN socialSecurityNumber = 999999199001010016
  2 09 1E AN name = ABCDEFGHIJKLMNOPQRSTUVWXYZABCD
  3 4E 14 AN nameExtension = EFGHIJKLMNOPQRSTUVWX
  4 0A 01 AN sex = 1
  5 0B 01 CN nation = 01
  6 0C 03 CN birthPlace = 320800
  7 0D 04 CN birthDate = 19900101`

const PICTURES = `
SSSE EF07 transparent:300 RKssse UKssse fingerprint
SSSE EF08 transparent:1000 RKssse UKssse photo`

const DF01_TO_DF07 = `
DF01 EF05 variable PIN|RK1DF01 UK1DF01
  1 20 02 AN householdType
  2 21 50 AN householdAddress
  3 0E 03 CN householdRegion
DF01 EF06 variable PIN|RK1DF01 UK4DF01
  1 23 50 AN residenceAddress
  2 24 03 CN residenceRegion
  3 28 0F AN phone
  4 2C 32 AN contactName
  5 2D 0F AN contactPhone
DF01 EF07 variable PIN|RK1DF01 UK2DF01
  1 29 01 AN personalStatus
DF01 EF08 variable PIN|RK1DF01 UK3DF01
  1 2B 01 AN maritalStatus
DF01 EF09 variable PIN|RK1DF01 UK2DF01
  1 2E 46 AN employerName
  2 30 09 AN employerOrgCode
  3 32 02 AN personIdentity
DF01 EF0A variable PIN|RK1DF01 UK5DF01|UK1DF01
  1 37 03 AN nationality
  2 38 02 AN politicalStatus
  3 39 04 CN partyJoinDate
DF01 EF15 variable PIN|RK1DF01 UK6DF01
  1 2A 01 CN educationLevel
  2-4 40 34 B-TLV educationHistory
  . 57 03 AN majorCode
  . 58 03 CN graduationMonth
  . 59 28 AN school
DF01 EF16 transparent:128 free UK7DF01 reserved1
DF01 EF17 transparent:128 free UK8DF01 reserved2
DF01 EF18 transparent:128 free UK9DF01 reserved3
DF01 EF19 transparent:128 free UKADF01 reserved4
DF01 EF1A transparent:128 free UKBDF01 reserved5
DF02 EF05 variable PIN|RK1DF02 UK1DF02
  1 42 03 AN skillCode42
  2 41 03 AN skillCode41
  3-4 43 6C B-TLV qualification
  . 5A 07 AN code
  . 5B 01 AN level
  . 5C 46 AN issuer
  . 5D 04 CN issueDate
  . 5E 10 AN certificateNumber
  5-6 44 65 B-TLV practice
  . 33 03 AN code33
  . 34 46 AN registrar
  . 35 04 CN date
  . 36 10 AN number
DF02 EF06 variable PIN|RK1DF02 UK2DF02
  1 4C 04 CN employmentDate4C
  2 4B 05 AN employmentCode4B
  3 4D 03 CN employmentDigits4D
  4 60 04 CN employmentDate60
  5 4F 06 AN employmentCode4F
  6 50 03 CN employmentDigits50
  7 3A 07 AN occupation
DF02 EF07 cyclic:4:55 PIN|RK1DF02 UK3DF02 employmentRecord
  00 07 AN occupation
  07 04 CN startDate
  0B 04 CN endDate
  0F 46 AN employer
DF02 EF09 variable PIN|RK1DF02 UK4DF02
  1 55 10 AN registrationCertNumber
  2 56 46 AN registrationCertIssuer
  3 96 04 CN registrationCertDate
  4 97 03 CN registrationCertDigits97
DF02 EF15 variable PIN|RK1DF02 UK5DF02
  1-4 99 10 B-TLV assistance
  . 10 03 AN code10
  . 11 04 CN date11
  . 12 03 CN digits12
  5 0F 04 CN assistanceDate0F
  6 1F 03 CN assistanceDigits1F
DF02 EF16 cyclic:4:12 PIN|RK1DF02 UK6DF02 policyRecord
  00 03 AN code
  03 04 CN date1
  07 04 CN date2
  0B 04 CN date3
  0F 03 CN digits
DF03 EF05 variable PIN|RK2DF03 UK1DF03
  1 61 03 CN unemploymentDigits61
  2 98 04 CN unemploymentDate98
  3 62 04 CN unemploymentDate62
  4 63 03 AN unemploymentCode63
  5 64 03 AN unemploymentCode64
  6 65 03 AN unemploymentCode65
  7 66 03 AN unemploymentCode66
DF03 EF06 variable PIN|RK1DF03 UK2DF03
  1 45 14 AN appraisalCertNumber
  2 46 02 AN appraisalCode46
  3 47 02 AN appraisalCode47
  4 48 01 AN appraisalCode48
  5 49 01 AN appraisalCode49
  6 67 04 CN appraisalDate
  7 6B 3C AN appraisalBody
  8-A 4A 61 B-TLV appraisalHistory
  . 13 02 AN code13
  . 14 01 AN code14
  . 15 14 AN number15
  . 16 04 CN date
  . 17 3C AN body
DF03 EF07 variable PIN|RK1DF03 UK3DF03
  1 70 03 AN pensionCode70
  2 71 03 CN pensionMonth71
  3 6E 04 CN pensionDate6E
  4 6C 04 CN pensionInsuredDate
  5 6F 04 CN pensionDate6F
  6 73 04 CN pensionDate73
DF03 EF15 variable PIN|RK1DF03 UK4DF03
  1 7A 03 CN injuryDigits7A
  2 7B 04 CN injuryDate7B
  3 7C 04 CN injuryDate7C
DF03 EF16 variable PIN|RK1DF03 UK5DF03
  1 51 03 CN maternityDigits51
  2 5F 01 AN maternityCode5F
DF03 EF17 variable PIN|RK1DF03 UK6DF03
  1 3B 14 AN determinationNumber3B
  2 3C 46 AN determinationName3C
  3 3D 01 AN determinationCode3D
  4 3E 04 CN determinationDate3E
  5 3F 3C AN determinationBody3F
DF03 EF18 variable PIN|RK1DF03 UK7DF03
  1 74 03 AN residentPensionCode74
  2 75 03 CN residentPensionDigits75
  3 76 01 CN residentPensionCode76
  4 77 04 CN residentPensionDate77
  5 78 04 CN residentPensionDate78
DF03 EF19 variable PIN|RK1DF03 UK8DF03
  1-4 79 27 B-TLV benefit
  . 18 03 AN code18
  . 19 03 CN digits19
  . 1A 04 CN date1A
  . 1B 04 CN date1B
  . 1C 04 DEC amount
  . 1D 03 AN code1D
  . 1E 04 CN date1E
DF04 EF05 variable PIN|RK1DF04 UK1DF04
  1 81 08 AN medicalCode81
  2 84 03 CN medicalDigits84
  3 87 11 AN medicalNumber87
  4 8C 01 CN medicalCode8C
  5 80 04 CN medicalInsuredDate
  6 8B 1D AN medicalText8B
  7 8A 0F AN medicalText8A
  8 83 09 AN designatedHospital1
  9 86 09 AN designatedHospital2
  A 89 09 AN designatedHospital3
  B 7D 09 AN designatedHospital4
  C 7E 09 AN designatedHospital5
  D 7F 09 AN designatedHospital6
  E 8D 09 AN designatedHospital7
  F 8E 09 AN designatedHospital8
  10 8F 01 AN medicalCode8F
DF04 EF06 variable PIN+RK1DF04 UK2DF04
  1 90 01 AN offlineCode90
  2 92 04 DEC offlineAmount
  3 93 02 AN offlineCode93
DF04 EF08 cyclic:1E:1C PIN never medicalTransaction
  00 02 NUM transactionNumber
  02 01 AN transactionType
  03 06 CN terminalNumber
  09 07 CN dateTime
  10 04 DEC personalAmount
  14 04 DEC pooledAmount
  18 04 DEC balanceAfter
DF04 EF15 cyclic:8:03 PIN|RK1DF04 UK2DF04 specialSettlement
  00 02 B  number
  02 01 AN code
DF07 EF05 variable PIN+RK1DF07 UK1DF07
  1 F0 02 AN otherCodeF0
  2 F1 01 AN otherCodeF1
  3 F2 04 CN otherDateF2
  4 F3 03 AN otherCodeF3
  5 F4 04 CN otherDateF4
DF07 EF06 variable PIN+RK2DF07 UK2DF07
  1 F5 03 AN otherCodeF5
  2 F6 04 CN otherDateF6
  3 F7 46 AN otherBodyF7
DF07 EF07 variable PIN+RK3DF07 UK3DF07
  1 F8 04 CN otherDateF8
  2 F9 01 AN otherCodeF9`

const VERSION_1 = `
DF01 EF05 variable PIN|RK1DF01 UK1DF01
  1 20 01 AN householdType
  2 21 3E AN householdAddress
  3 22 12 AN householdAddressExt
DF01 EF06 variable PIN|RK1DF01 UK4DF01
  1 25 3E AN mailingAddress
  2 26 12 AN mailingAddressExt
  3 27 03 CN postcode
  4 28 0F AN phone
DF01 EF07 variable PIN|RK1DF01 UK2DF01
  1 29 01 AN personalStatus
DF01 EF08 variable PIN|RK1DF01 UK3DF01
  1 2B 01 AN maritalStatus
DF01 EF09 variable PIN|RK1DF01 UK2DF01
  1 2E 3E AN employerName
  2 2F 08 AN employerNameExt
  3 30 09 AN employerOrgCode
  4 31 01 AN employerAffiliation
  5 32 03 AN personIdentity
DF01 EF0A variable PIN|RK1DF01 UK5DF01|UK1DF01
  1 37 04 DEC wageAmount37
  2 38 04 DEC wageAmount38
  3 39 04 CN wageDate39
DF02 EF05 variable PIN|RK1DF02 UK1DF02
  1 40 34 B-TLV educationHistory
  . 57 03 AN majorCode
  . 58 03 CN graduationMonth
  . 59 28 AN school
  2 41 34 B-TLV educationHistory41
  . 57 03 AN majorCode
  . 58 03 CN graduationMonth
  . 59 28 AN school
  3 42 03 CN skillCode42
  4 43 1D CN skillDigits43
  5 44 1D CN skillDigits44
  6 5A 07 AN qualificationCode
  7 5B 01 CN qualificationLevel
  8 5C 09 AN qualificationIssuer
  9 5D 04 CN qualificationDate
DF02 EF06 variable PIN|RK1DF02 UK2DF02
  1 4B 04 CN employmentDate4B
  2 4C 04 CN employmentDate4C
  3 60 04 CN employmentDate60
  4 4D 04 CN employmentDate4D
  5 4F 04 CN employmentDate4F
  6 50 04 CN employmentDate50
  7 3A 07 AN occupation
DF02 EF07 cyclic:4:55 PIN|RK1DF02 UK3DF02 employmentRecord
  00 07 AN occupation
  07 04 CN startDate
  0B 04 CN endDate
  0F 46 AN employer
DF02 EF08 variable PIN|RK1DF02 UK4DF02
  1 52 0A CN migrantCertNumber52
  2 53 3E AN migrantCertIssuer53
  3 94 08 AN migrantCertIssuerExt94
  4 54 04 CN migrantCertDate54
DF02 EF09 variable PIN|RK1DF02 UK4DF02
  1 55 0A CN registrationCertNumber
  2 56 3E AN registrationCertIssuer
  3 95 08 AN registrationCertIssuerExt
  4 96 04 CN registrationCertDate
  5 97 04 CN registrationCertDate97
DF03 EF05 variable PIN|RK2DF03 UK1DF03
  1 60 04 CN unemploymentDate60
  2 98 04 CN unemploymentDate98
  3 61 04 DEC unemploymentAmount61
  4 62 04 CN unemploymentDate62
  5 63 03 AN unemploymentCode63
  6 64 03 AN unemploymentCode64
  7 65 03 DEC unemploymentNumber65
  8 66 03 DEC unemploymentNumber66
DF03 EF06 variable PIN|RK1DF03 UK2DF03
  1 67 04 CN appraisalDate
  2 68 3E AN appraisalText68
  3 69 3E AN appraisalText69
  4 6A 10 AN appraisalNumber6A
  5 6B 3C AN appraisalBody
DF03 EF07 variable PIN|RK1DF03 UK3DF03
  1 6C 04 CN pensionInsuredDate
  2 6D 04 DEC pensionAmount6D
  3 6E 04 CN pensionDate6E
  4 6F 04 CN pensionDate6F
  5 70 03 AN pensionCode70
  6 71 04 DEC pensionAmount71
  7 72 04 DEC pensionAmount72
  8 73 04 CN pensionDate73
DF04 EF05 variable PIN|RK1DF04 UK1DF04
  1 80 04 CN medicalInsuredDate
  2 81 3E AN hospital1Name
  3 82 08 AN hospital1NameExt
  4 83 09 AN designatedHospital1
  5 84 3E AN hospital2Name
  6 85 08 AN hospital2NameExt
  7 86 09 AN designatedHospital2
  8 87 3E AN hospital3Name
  9 88 08 AN hospital3NameExt
  A 89 09 AN designatedHospital3
  B 8A 0F AN medicalText8A
  C 8B 0A AN medicalText8B
  D 8C 01 AN medicalCode8C
  E 8F 01 AN medicalCode8F
DF04 EF06 variable PIN+RK1DF04 UK2DF04
  1 90 04 DEC offlineAmount90
  2 92 04 DEC offlineAmount
  3 93 04 DEC offlineAmount93
DF04 EF08 cyclic:A:1C PIN never medicalTransaction
  00 02 NUM transactionNumber
  02 01 AN transactionType
  03 06 CN terminalNumber
  09 07 CN dateTime
  10 04 DEC personalAmount
  14 04 DEC pooledAmount
  18 04 DEC balanceAfter`

const JIANGSU = `
SSSE EF0D variable free UKEF0D
  1 EA 0C AN localCodeEA
  2 EB 03 CN localDigitsEB
  3 EC 01 AN localCodeEC
  4 ED 01 AN localCodeED
DF05 EF05 variable PIN UK1DF05
  1 A0 01 AN localCodeA0
  2 A1 01 AN localCodeA1
  3 B9 01 AN localCodeB9
  4 A2 04 AN localCodeA2
  5 A9 01 CN localCodeA9
  6-A A3 18 B-TLV localListA3
  . A5 10 AN numberA5
  . A6 04 AN codeA6
  B-C A4 17 B-TLV localListA4
  . A7 10 AN numberA7
  . A8 03 AN codeA8
  D BA 14 AN localTextBA
  E BB 64 AN localTextBB
  F AA 14 AN localTextAA
  10 AB 04 CN localDateAB
  11 AC 01 AN localCodeAC
  12 AD 01 AN localCodeAD
  13 AE 01 AN localCodeAE
  14 AF 01 AN localCodeAF
  15 B0 01 AN localCodeB0
  16 B1 01 AN localCodeB1
  17 B2 01 AN localCodeB2
  18 B3 01 AN localCodeB3
  19 B4 01 AN localCodeB4
  1A B5 01 AN localCodeB5
  1B B6 01 AN localCodeB6
  1C B7 01 AN localCodeB7
  1D BC 01 AN localCodeBC
  1E B8 28 AN localTextB8
DF06 EF05 variable RK1DF06 UK1DF06
  1 C0 46 AN localEmployerName
  2 C2 09 AN localEmployerOrgCode
  3 C3 1A B-TLV localListC3
  . E3 01 CN codeE3
  . E4 04 CN dateE4
  . E5 04 CN dateE5
  . E6 04 CN dateE6
  . E7 03 CN digitsE7
  4 C4 1A B-TLV localListC4
  . E3 01 CN codeE3
  . E4 04 CN dateE4
  . E5 04 CN dateE5
  . E6 04 CN dateE6
  . E7 03 CN digitsE7
  5 C5 1A B-TLV localListC5
  . E3 01 CN codeE3
  . E4 04 CN dateE4
  . E5 04 CN dateE5
  . E6 04 CN dateE6
  . E7 03 CN digitsE7
DF06 EF06 variable RK1DF06 UK2DF06
  1 C6 46 AN localNameC6
  2 C8 09 AN localOrgCodeC8
  3 C9 01 CN localCodeC9
  4 CA 04 CN localDateCA
  5 CB 04 CN localDateCB
  6 CC 04 CN localDateCC
  7 CD 02 CN localDigitsCD
  8 CE 01 CN localCodeCE
  9 CF 04 CN localDateCF
  A D0 04 CN localDateD0
  B D1 04 CN localDateD1
  C D2 03 CN localDigitsD2
  D D3 01 CN localCodeD3
  E D4 04 CN localDateD4
  F D5 04 CN localDateD5
  10 D6 04 CN localDateD6
  11 D7 03 CN localDigitsD7
  12 D8 01 CN localCodeD8
  13 D9 04 CN localDateD9
  14 DA 04 CN localDateDA
  15 DB 04 CN localDateDB
  16 DC 04 CN localDateDC
  17 DD 04 CN localDateDD
  18 DE 04 CN localDateDE
  19 DF 03 CN localDigitsDF
  1A E0 03 CN localDigitsE0
  1B E1 02 CN localDigitsE1
  1C E2 02 CN localDigitsE2`

const EMPLOYER = `
  1 08 12 AN unifiedSocialCreditCode = 91350100M000100Y43
  2 09 46 AN employerName
  3 0A 02 AN legalForm
  4 0B 03 CN employerRegion
  5 0C 04 CN foundingDate = 20100315
  6 0E 04 CN insuredSince = 20100501
  7 0F 1E AN legalRepresentative
DF01 EF05 variable PIN|RK1DF01 UK1DF01
  1 21 50 AN employerAddress
  2 27 03 CN postcode
  3 28 0F AN phone
  4 2C 32 AN contactName
  5 2D 0F AN contactPhone
DF03 EF05 variable PIN|RK1DF03 UK1DF03
  1 60 0A AN insuredKinds
DF03 EF06 variable PIN|RK1DF03 UK2DF03
  1 61 03 CN declarationMonth
  2 62 04 DEC headCount
  3 63 04 DEC baseSum
  4 64 04 DEC amountDue
  5 65 04 DEC amountPaid`

const freeSsse = (holder: string) => `SSSE EF05 variable free UKssse${ISSUER}\nSSSE EF06 variable free UKssse${holder}`

/** Records 1 and 3 of EF05 are free, the rest of both files asks for RKssse (§5.1, §5.2). */
const guardedSsse = (holder: string) =>
  `SSSE EF05 variable RKssse UKssse free:1,3${ISSUER}\nSSSE EF06 variable RKssse UKssse${holder}`

/** EF06 of version 1.00 has no name extension, so the rows behind it move up (§5.2). */
const HOLDER_1 = HOLDER.split("\n")
  .filter((line) => !line.includes("nameExtension"))
  .map((line) => line.replace(/^ {2}([4-7])/, (_, number) => `  ${Number(number) - 1}`))
  .join("\n")

export const ROWS = {
  version1: `${freeSsse(HOLDER_1)}\nSSSE EF07 transparent:300 RKssse UKssse fingerprint${VERSION_1}`,
  version2: `${freeSsse(HOLDER)}${PICTURES}${DF01_TO_DF07}`,
  version3: `${guardedSsse(HOLDER)}${PICTURES}${DF01_TO_DF07}`,
  jiangsu: JIANGSU,
  employer2: freeSsse(EMPLOYER),
  employer3: guardedSsse(EMPLOYER),
} as const

/**
 * The functions of the standard interface with the names of their parameters (driver-api §4, §10.1), in the order of the
 * native form; `pOutInfo` is what they give.
 */
export const DRIVER_FUNCTIONS = {
  iReadCardBas: ["iType"],
  iReadCardBasExt: ["iType"],
  iReadCardBas_Step1To2: ["iType"],
  iReadCardBas_HSM_Step1: ["iType"],
  iReadCardBas_HSM_Step2: ["pKey"],
  iReadCard: ["iType", "iAuthType", "pCardInfo", "pFileAddr"],
  iReadCard_HSM_Step1: ["iType", "pCardInfo", "pFileAddr"],
  iReadCard_HSM_Step2: ["pKey"],
  iWriteCard: ["iType", "pCardInfo", "pFileAddr", "pWriteData"],
  iWriteCard_HSM_Step1: ["iType", "pCardInfo", "pFileAddr"],
  iWriteCard_HSM_Step2: ["pKey", "pWriteData"],
  iVerifyPIN: ["iType"],
  iChangePIN: ["iType"],
  iReloadPIN: ["iType", "pCardInfo"],
  iReloadPIN_HSM_Step1: ["iType", "pCardInfo"],
  iReloadPIN_HSM_Step2: ["pKey"],
  iReloadPIN_HSM_Step3: ["pKey"],
  iUnblockPIN: ["iType", "pCardInfo"],
  iUnblockPIN_HSM_Step1: ["iType", "pCardInfo"],
  iUnblockPIN_HSM_Step2: ["pKey"],
  iUnblockPIN_HSM_Step3: ["pKey"],
  iDoDebit: ["iType", "pCardInfo", "pPayInfo"],
  iDoDebit_HSM_Step1: ["iType", "pCardInfo", "pPayInfo"],
  iDoDebit_HSM_Step2: ["pKey"],
  iReadDebitRecord: ["iType"],
  iReadCardNo: ["iType"],
  iReadICCardNum: ["iType"],
  iReadCardPublicInfo: ["iType"],
  iReadPersonPublicInfo: ["iType"],
  iGetReaderInfo: [],
  iCheckCard: ["iType"],
} as const satisfies Readonly<Record<string, readonly Parameter[]>>

type Parameter = "iType" | "iAuthType" | "pCardInfo" | "pFileAddr" | "pWriteData" | "pPayInfo" | "pKey"

/** Parameters that are numbers; all others are text. */
export const NUMBER_PARAMETERS: readonly string[] = ["iType", "iAuthType"]

export type DriverFunctionName = keyof typeof DRIVER_FUNCTIONS

/** What vendors add, and nothing here answers (driver-api §8): −13, as any name that nobody knows. */
export const VENDOR_FUNCTIONS: readonly string[] = [
  "iGetCardType",
  "iReadIdentityInfo",
  "iReadIdentityCard",
  "iReadPBOCAccount",
  "iReadPBOCAccount_Ext",
  "iReadBankNumber",
  "iPKBGetPIN",
  "iPKBVerifyPIN",
  "iPKBChangePIN",
  "iReadMagCard",
  "iReadMedicareNO",
  "DeviceBeep",
  "ICC_Reader_Open",
  "ICC_Reader_Close",
  "SD_ReadCardInfo",
  "SD_VerifyPin",
  "SD_UnblockChangePin",
  "iReadICCardGZ",
  "PKI_SignData",
  "PKI_VerifySign",
  "iReadSignatureKey",
  "iWriteCA",
  "iWriteCardBas",
]

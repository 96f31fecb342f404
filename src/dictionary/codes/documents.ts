import { codeList } from "./code-list.js"

/** Document types of labour and medical systems, AAC058 and psn_cert_type (domain-rules §17.4). */
export const documentCodes = codeList("document", { zh: "证件类型", en: "document type" }, [
  ["01", "居民身份证(户口簿)", "resident identity card (household register)"],
  ["02", "军官证", "officer's card"],
  ["03", "武警警官证", "armed police officer's card"],
  ["04", "香港护照/通行证", "Hong Kong passport or permit"],
  ["05", "澳门护照/通行证", "Macao passport or permit"],
  ["06", "台湾通行证", "Taiwan permit"],
  ["07", "外国人永久居留证", "foreigner's permanent residence card"],
  ["08", "外国人护照", "foreign passport"],
  ["09", "残疾人证", "disability certificate"],
  ["10", "军烈属", "military dependant's certificate"],
  ["11", "外国人就业证", "foreigner's work permit"],
  ["12", "外国专家证", "foreign expert's certificate"],
  ["13", "常驻记者证", "resident journalist's card"],
  ["14", "台港澳就业证", "Taiwan, Hong Kong, Macao work permit"],
  ["15", "定居专家证", "settled expert's certificate"],
  ["90", "社会保障卡", "social security card"],
  ["99", "其他", "other"],
])

/** Document types of the bank card, tag 9F62; not the numbers of AAC058 (financial-emv §16). */
export const emvDocumentCodes = codeList("emvDocument", { zh: "证件类型(9F62)", en: "document type (9F62)" }, [
  ["00", "居民身份证", "identity card"],
  ["01", "军官证", "officer's card"],
  ["02", "护照", "passport"],
  ["03", "入境证", "entry permit"],
  ["04", "临时身份证", "temporary identity card"],
  ["05", "其他", "other"],
])

/** What a patient shows, mdtrt_cert_type. */
export const medicalVoucherCodes = codeList("medicalVoucher", { zh: "就诊凭证类型", en: "medical voucher type" }, [
  ["01", "医保电子凭证", "electronic token"],
  ["02", "居民身份证", "identity card"],
  ["03", "社会保障卡", "social security card"],
])

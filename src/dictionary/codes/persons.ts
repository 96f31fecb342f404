import { codeList } from "./code-list.js"

/** Sex, GB/T 2261.1 (domain-rules §17.1). */
export const sexCodes = codeList("sex", { zh: "性别", en: "sex" }, [
  ["0", "未知", "unknown"],
  ["1", "男", "male"],
  ["2", "女", "female"],
  ["9", "未说明", "unspecified"],
])

/** Ethnic groups: number, Chinese name, two letters, English name, GB/T 3304 (domain-rules §17.2). */
const NATIONS: readonly (readonly [code: string, zh: string, letters: string, en: string])[] = [
  ["01", "汉", "HA", "Han"],
  ["02", "蒙古", "MG", "Mongol"],
  ["03", "回", "HU", "Hui"],
  ["04", "藏", "ZA", "Tibetan"],
  ["05", "维吾尔", "UG", "Uygur"],
  ["06", "苗", "MH", "Miao"],
  ["07", "彝", "YI", "Yi"],
  ["08", "壮", "ZH", "Zhuang"],
  ["09", "布依", "BY", "Bouyei"],
  ["10", "朝鲜", "CS", "Korean"],
  ["11", "满", "MA", "Manchu"],
  ["12", "侗", "DO", "Dong"],
  ["13", "瑶", "YA", "Yao"],
  ["14", "白", "BA", "Bai"],
  ["15", "土家", "TJ", "Tujia"],
  ["16", "哈尼", "HN", "Hani"],
  ["17", "哈萨克", "KZ", "Kazak"],
  ["18", "傣", "DA", "Dai"],
  ["19", "黎", "LI", "Li"],
  ["20", "傈僳", "LS", "Lisu"],
  ["21", "佤", "VA", "Va"],
  ["22", "畲", "SH", "She"],
  ["23", "高山", "GS", "Gaoshan"],
  ["24", "拉祜", "LH", "Lahu"],
  ["25", "水", "SU", "Sui"],
  ["26", "东乡", "DX", "Dongxiang"],
  ["27", "纳西", "NX", "Naxi"],
  ["28", "景颇", "JP", "Jingpo"],
  ["29", "柯尔克孜", "KG", "Kirgiz"],
  ["30", "土", "TU", "Tu"],
  ["31", "达斡尔", "DU", "Daur"],
  ["32", "仫佬", "ML", "Mulao"],
  ["33", "羌", "QI", "Qiang"],
  ["34", "布朗", "BL", "Blang"],
  ["35", "撒拉", "SL", "Salar"],
  ["36", "毛南", "MN", "Maonan"],
  ["37", "仡佬", "GL", "Gelao"],
  ["38", "锡伯", "XB", "Xibe"],
  ["39", "阿昌", "AC", "Achang"],
  ["40", "普米", "PM", "Pumi"],
  ["41", "塔吉克", "TA", "Tajik"],
  ["42", "怒", "NU", "Nu"],
  ["43", "乌孜别克", "UZ", "Uzbek"],
  ["44", "俄罗斯", "RS", "Russian"],
  ["45", "鄂温克", "EW", "Ewenki"],
  ["46", "德昂", "DE", "Deang"],
  ["47", "保安", "BN", "Bonan"],
  ["48", "裕固", "YG", "Yugur"],
  ["49", "京", "GI", "Gin"],
  ["50", "塔塔尔", "TT", "Tatar"],
  ["51", "独龙", "DR", "Derung"],
  ["52", "鄂伦春", "OR", "Oroqen"],
  ["53", "赫哲", "HZ", "Hezhen"],
  ["54", "门巴", "MB", "Monba"],
  ["55", "珞巴", "LB", "Lhoba"],
  ["56", "基诺", "JN", "Jino"],
]

/** Ethnic group as the card holds it; 57 and 58 mean the same as 97 and 98 elsewhere (card-structure §18.6). */
export const nationCodes = codeList("nation", { zh: "民族", en: "ethnic group" }, [
  ...NATIONS.map(([code, zh, , en]) => [code, zh, en] as const),
  ["57", "其他", "other"],
  ["58", "外国血统中国籍人士", "naturalised"],
  ["97", "其他", "other"],
  ["98", "外国血统中国籍人士", "naturalised"],
])

/** The two-letter form of the ethnic groups. @example nationLetters.get("01") // "HA" */
export const nationLetters: ReadonlyMap<string, string> = new Map(NATIONS.map(([code, , letters]) => [code, letters]))

/** Marital status, GB/T 2261.2; the card stores the first digit alone. */
export const maritalCodes = codeList("marital", { zh: "婚姻状况", en: "marital status" }, [
  ["1", "未婚", "single"],
  ["2", "已婚", "married"],
  ["3", "丧偶", "widowed"],
  ["4", "离婚", "divorced"],
  ["9", "未说明", "not stated"],
  ["10", "未婚", "single"],
  ["20", "已婚", "married"],
  ["21", "初婚", "first marriage"],
  ["22", "再婚", "remarried"],
  ["23", "复婚", "marriage restored"],
  ["30", "丧偶", "widowed"],
  ["40", "离婚", "divorced"],
  ["90", "未说明", "not stated"],
])

/** Kind of household registration; version 1.00 writes one digit. */
export const householdCodes = codeList("household", { zh: "户口类别", en: "household type" }, [
  ["10", "非农业", "non-agricultural"],
  ["20", "农业", "agricultural"],
  ["1", "非农业", "non-agricultural"],
  ["2", "农业", "agricultural"],
])

/** State of health, first digit of GB/T 2261.3. */
export const personalStatusCodes = codeList("personalStatus", { zh: "健康状况", en: "state of health" }, [
  ["1", "健康或良好", "good"],
  ["2", "一般或较弱", "fair or weak"],
  ["3", "慢性病", "chronic illness"],
  ["6", "残疾", "disabled"],
])

/** What a person does, GB/T 2261.4. */
export const identityCodes = codeList("identity", { zh: "人员身份", en: "occupational identity" }, [
  ["11", "国家公务员", "civil servant"],
  ["13", "专业技术人员", "professional"],
  ["17", "职员", "clerk"],
  ["21", "企业管理人员", "manager"],
  ["24", "工人", "worker"],
  ["27", "农民", "farmer"],
  ["31", "学生", "student"],
  ["37", "现役军人", "military"],
  ["51", "自由职业者", "freelance"],
  ["54", "个体经营者", "self-employed"],
  ["70", "无业人员", "without occupation"],
  ["80", "退(离)休人员", "retired"],
  ["90", "其他", "other"],
])

/** Political affiliation, GB/T 4762. */
export const politicalCodes = codeList("political", { zh: "政治面貌", en: "political affiliation" }, [
  ["01", "中共党员", "party member"],
  ["02", "预备党员", "probationary party member"],
  ["03", "共青团员", "youth league member"],
  ...["04", "05", "06", "07", "08", "09", "10", "11"].map((code) => [code, "民主党派", "democratic party"] as const),
  ["12", "无党派", "no party affiliation"],
  ["13", "群众", "the masses"],
])

/** Nationality; the card holds three letters or three digits, GB/T 2659. Others are shown as they are. */
export const nationalityCodes = codeList("nationality", { zh: "国籍", en: "nationality" }, [
  ["CHN", "中国", "China"],
  ["156", "中国", "China"],
])

/** Education, GB/T 4658 (domain-rules §17.6). A level that is not listed falls back to its group. */
export const educationCodes = codeList(
  "education",
  { zh: "文化程度", en: "education" },
  [
    ["10", "研究生", "postgraduate"],
    ["11", "博士研究生毕业", "doctorate"],
    ["14", "硕士研究生毕业", "master's degree"],
    ["20", "大学本科", "undergraduate"],
    ["21", "大学本科毕业", "bachelor's degree"],
    ["22", "大学本科结业", "undergraduate course completed"],
    ["23", "大学本科肄业", "undergraduate, not completed"],
    ["30", "大学专科", "junior college"],
    ["31", "大学专科毕业", "junior college, graduated"],
    ["32", "大学专科结业", "junior college, completed"],
    ["33", "大学专科肄业", "junior college, not completed"],
    ["40", "中等职业教育", "vocational secondary"],
    ["41", "中等专科", "specialised secondary"],
    ["44", "职业高中", "vocational high school"],
    ["47", "技工学校", "technical school"],
    ["60", "普通高中", "high school"],
    ["61", "普通高中毕业", "high school, graduated"],
    ["70", "初中", "middle school"],
    ["71", "初中毕业", "middle school, graduated"],
    ["80", "小学", "primary school"],
    ["81", "小学毕业", "primary school, graduated"],
    ["90", "其他", "other"],
  ],
  (code) => (/^\d\d$/.test(code) ? `${code[0]}0` : undefined),
)

/** Level of a professional qualification. */
export const skillLevelCodes = codeList("skillLevel", { zh: "职业资格等级", en: "skill level" }, [
  ["1", "高级技师", "senior technician"],
  ["2", "技师", "technician"],
  ["3", "高级", "advanced"],
  ["4", "中级", "intermediate"],
  ["5", "初级", "elementary"],
])

/** Grade of disability (评残等级). */
export const disabilityGradeCodes = codeList("disabilityGrade", { zh: "评残等级", en: "disability grade" }, [
  ["00", "无", "none"],
  ...["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"].map(
    (code) => [code, `${Number(code)}级`, `grade ${Number(code)}`] as const,
  ),
])

/** Kind of employment contract. */
export const contractCodes = codeList("contract", { zh: "劳动合同类型", en: "contract type" }, [
  ["fixed", "固定期限", "fixed term"],
  ["open", "无固定期限", "open-ended"],
  ["task", "以完成一定工作任务为期限", "task-based"],
  ["dispatch", "劳务派遣", "labour dispatch"],
])

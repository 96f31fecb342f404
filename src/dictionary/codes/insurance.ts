import { codeList } from "./code-list.js"

/** Insurance types of the national medical platform, insutype: NHSA's numbers, not MOHRSS's (domain-rules §17.5). */
export const nhsaInsuranceCodes = codeList("nhsaInsurance", { zh: "险种类型(医保)", en: "insurance type (NHSA)" }, [
  ["310", "职工基本医疗保险", "employees' basic medical"],
  ["320", "公务员医疗补助", "civil servants' supplement"],
  ["330", "大额医疗费用补助", "large medical expenses"],
  ["340", "离休人员医疗保障", "veteran cadres"],
  ["350", "一至六级残疾军人医疗补助", "disabled soldiers grade 1-6"],
  ["360", "老红军医疗保障", "Red Army veterans"],
  ["370", "企业补充医疗保险", "enterprise supplementary"],
  ["380", "新型农村合作医疗", "rural cooperative medical"],
  ["390", "城乡居民基本医疗保险", "residents' basic medical"],
  ["391", "城镇居民基本医疗保险", "urban residents' basic medical"],
  ["392", "城乡居民大病医疗保险", "residents' major illness"],
  ["399", "其他特殊人员医疗保障", "other special persons"],
  ["410", "长期照护保险", "long-term care"],
  ["510", "生育保险", "maternity"],
])

/** Insurance types of the labour ministry, AAE140: 410 is work injury here. */
export const mohrssInsuranceCodes = codeList(
  "mohrssInsurance",
  { zh: "险种类型(人社)", en: "insurance type (MOHRSS)" },
  [
    ["110", "企业职工基本养老保险", "enterprise employees' pension"],
    ["120", "机关事业单位养老保险", "public service pension"],
    ["150", "居民养老保险", "residents' pension"],
    ["170", "居民养老保险", "residents' pension"],
    ["210", "失业保险", "unemployment"],
    ["310", "职工基本医疗保险", "employees' medical"],
    ["390", "居民基本医疗保险", "residents' medical"],
    ["410", "工伤保险", "work injury"],
    ["510", "生育保险", "maternity"],
  ],
)

/** State of a person in an insurance, psn_insu_stas. */
export const insuredStateCodes = codeList("insuredState", { zh: "参保状态", en: "insured state" }, [
  ["0", "未参保", "not insured"],
  ["1", "正常参保", "insured"],
  ["2", "暂停参保", "suspended"],
  ["3", "终止参保", "ended"],
])

/** Which fund pays, fund_pay_type. */
export const fundCodes = codeList("fund", { zh: "基金支付类型", en: "fund pay type" }, [
  ["310100", "职工基本医疗统筹基金", "employees' pooled fund"],
  ["310200", "职工基本医疗个人账户", "employees' personal account"],
  ["310103", "生育基金", "maternity fund"],
  ["320100", "公务员医疗补助基金", "civil servants' supplement fund"],
  ["330100", "大额医疗补助基金", "large medical expenses fund"],
  ["340100", "离休人员医疗保障基金", "veteran cadres' fund"],
  ["350100", "残疾军人医疗补助基金", "disabled soldiers' fund"],
  ["370100", "企业补充医疗保险基金", "enterprise supplementary fund"],
  ["390100", "城乡居民基本医疗基金", "residents' fund"],
  ["390200", "城乡居民大病基金", "residents' major illness fund"],
  ["410100", "工伤保险基金", "work injury fund"],
  ["510100", "生育保险基金", "maternity insurance fund"],
  ["610100", "医疗救助基金", "medical aid fund"],
  ["620100", "特惠保", "special benefit insurance"],
  ["999996", "医院垫付", "advanced by the hospital"],
  ["999997", "其他", "other"],
])

/** Kind of insured person, psn_type; a number that is not listed falls back to its two-digit group. */
export const personTypeCodes = codeList(
  "personType",
  { zh: "人员类别", en: "person type" },
  [
    ["11", "在职", "employed"],
    ["1101", "职工", "employee"],
    ["1102", "公务员", "civil servant"],
    ["1103", "灵活就业人员", "flexibly employed"],
    ["1160", "其他在职人员", "other employed"],
    ["12", "退休", "retired"],
    ["1201", "退休职工", "retired employee"],
    ["1202", "退休公务员", "retired civil servant"],
    ["1203", "灵活就业退休人员", "retired, flexibly employed"],
    ["1260", "其他退休人员", "other retired"],
    ["13", "离休", "veteran cadre"],
    ["1300", "离休人员", "veteran cadre"],
    ["14", "居民(未成年)", "resident, minor"],
    ["1401", "新生儿", "new-born"],
    ["1402", "学龄前儿童", "pre-school child"],
    ["1403", "中小学生", "pupil"],
    ["1404", "大学生", "student"],
    ["1405", "未入学儿童", "child not at school"],
    ["15", "居民(成年)", "resident, adult"],
    ["1501", "普通居民(成年)", "resident, adult"],
    ["16", "居民(老年)", "resident, old"],
  ],
  (code) => (code.length > 2 ? code.slice(0, 2) : undefined),
)

/** Kind of insured person of the labour ministry, AAC008. */
export const mohrssPersonCodes = codeList("mohrssPerson", { zh: "人员状态", en: "person state (AAC008)" }, [
  ["1", "在职", "employed"],
  ["2", "退休", "retired"],
  ["3", "离休", "veteran cadre"],
  ["4", "其他", "other"],
])

/** Employment of a person, AAC016. */
export const employmentCodes = codeList("employment", { zh: "就业状态", en: "employment state" }, [
  ["1", "就业", "employed"],
  ["2", "失业", "unemployed"],
  ["3", "灵活就业", "flexibly employed"],
  ["9", "其他", "other"],
])

/** Kind of treatment, med_type; 99xx are local. */
export const treatmentCodes = codeList("treatment", { zh: "医疗类别", en: "treatment type" }, [
  ["11", "普通门诊", "outpatient"],
  ["12", "门诊挂号", "registration"],
  ["13", "急诊", "emergency"],
  ["14", "门诊慢特病", "chronic or special disease"],
  ["19", "意外伤害门诊", "accident, outpatient"],
  ["21", "普通住院", "inpatient"],
  ["23", "转外诊治住院", "referred elsewhere"],
  ["24", "急诊转住院", "emergency to inpatient"],
  ["41", "定点药店购药", "designated pharmacy"],
  ["51", "生育门诊", "maternity, outpatient"],
  ["52", "生育住院", "maternity, inpatient"],
  ["53", "计划生育手术", "family planning operation"],
])

/** How a person settles, psn_setlway. */
export const settlementWayCodes = codeList("settlementWay", { zh: "个人结算方式", en: "settlement way" }, [
  ["01", "按项目结算", "by item"],
  ["02", "按定额结算", "fixed"],
])

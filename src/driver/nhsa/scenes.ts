/** Where an electronic credential is shown (driver-api §9.3). Others exist; whoever gets one passes it through. */
export const SCENES: Readonly<Record<string, string>> = {
  "01101": "挂号",
  "01201": "问诊",
  "01202": "预约检查",
  "01203": "检查",
  "01204": "治疗",
  "01301": "结算",
  "01302": "取药",
  "01303": "取报告",
  "01304": "打印票据",
  "01305": "病历复印",
  "02121": "药店购药",
  "02122": "下载外购处方",
  "03131": "APP授权",
  "03132": "APP结算",
}

/** What a scene is called; an unknown code is its own name. @example sceneName("01301") // "结算" */
export const sceneName = (code: string): string => (Object.hasOwn(SCENES, code) ? SCENES[code]! : code)

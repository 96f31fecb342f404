import { hex } from "../../apdu/index.js"
import { an, date, variable } from "./define.js"
import { keysOf } from "./keys.js"
import type { DirectoryDefinition } from "./types.js"

/** Other applications: known by tag and length, not by purpose (card-structure §10). Reading takes PIN and key. */
export const df07: DirectoryDefinition = {
  name: "DF07",
  label: { zh: "其他应用", en: "other applications" },
  fid: 0xdf07,
  aid: hex("D15600000506"),
  parent: "SSSE",
  optional: true,
  files: [
    variable({ fid: 0xef05, id: "other1", zh: "其他应用1", en: "other 1", read: "PIN+RK1DF07", write: "UK1DF07" }, [
      an("otherCodeF0", 0xf0, 0x02, "其他应用代码(F0)", "other code (F0)"),
      an("otherCodeF1", 0xf1, 0x01, "其他应用代码(F1)", "other code (F1)"),
      date("otherDateF2", 0xf2, "其他应用日期(F2)", "other date (F2)"),
      an("otherCodeF3", 0xf3, 0x03, "其他应用代码(F3)", "other code (F3)"),
      date("otherDateF4", 0xf4, "其他应用日期(F4)", "other date (F4)"),
    ]),
    variable({ fid: 0xef06, id: "other2", zh: "其他应用2", en: "other 2", read: "PIN+RK2DF07", write: "UK2DF07" }, [
      an("otherCodeF5", 0xf5, 0x03, "其他应用代码(F5)", "other code (F5)"),
      date("otherDateF6", 0xf6, "其他应用日期(F6)", "other date (F6)"),
      an("otherBodyF7", 0xf7, 0x46, "机构名称", "body"),
    ]),
    variable({ fid: 0xef07, id: "other3", zh: "其他应用3", en: "other 3", read: "PIN+RK3DF07", write: "UK3DF07" }, [
      date("otherDateF8", 0xf8, "其他应用日期(F8)", "other date (F8)"),
      an("otherCodeF9", 0xf9, 0x01, "其他应用代码(F9)", "other code (F9)"),
    ]),
  ],
  keys: keysOf("DF07"),
}

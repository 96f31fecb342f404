import { describe, expect, it } from "vitest"
import { InputError, ShebaoError, TimeoutError } from "../../src/apdu/index.js"
import { EXIT, exitCodeOf, exitCodeOfRefusal } from "../../src/cli/exit-codes.js"
import { chooseLanguage } from "../../src/cli/language.js"
import { notesFor } from "../../src/cli/notes.js"
import { homeFolder } from "../../src/cli/options.js"
import { nearest } from "../../src/cli/suggestion.js"

describe("the home folder", () => {
  it.each([
    ["--home before all", { home: "/h" }, { SHEBAO_HOME: "/s", XDG_DATA_HOME: "/x" }, "/h"],
    ["SHEBAO_HOME", {}, { SHEBAO_HOME: "/s", XDG_DATA_HOME: "/x" }, "/s"],
    ["the user's data folder", {}, { XDG_DATA_HOME: "/x" }, "/x/shebao"],
  ])("is %s", (_, args, environment, folder) => {
    expect(homeFolder(args, environment)).toBe(folder)
  })
})

describe("the language", () => {
  it.each([
    ["zh", { LANG: "en_US.UTF-8" }, "zh"],
    [undefined, { LANG: "zh_CN.UTF-8" }, "zh"],
    [undefined, { LANG: "zh_TW", LC_MESSAGES: "de_DE" }, "en"],
    [undefined, { LANG: "zh_CN", LC_ALL: "" }, "zh"],
    [undefined, {}, "en"],
    ["fr", { LANG: "zh_CN" }, "zh"],
  ])("asked for %s in %o is %3$s", (asked, environment, language) => {
    expect(chooseLanguage(asked, environment)).toBe(language)
  })
})

describe("a command that was probably meant", () => {
  const names = ["demo", "card", "read", "readers", "withdraw", "balance"]
  it.each([
    ["raed", "read"],
    ["withdrwa", "withdraw"],
    ["balanc", "balance"],
    ["reader", "readers"],
    ["frobnicate", undefined],
    ["dem", "demo"],
    ["nix", undefined],
    ["", undefined],
  ])("for %s is %s", (word, name) => {
    expect(nearest(word, names)).toBe(name)
  })
})

describe("exit codes", () => {
  it.each([
    [new InputError("amount", "wrong"), EXIT.USAGE],
    [new ShebaoError("CARD_FILE_LOCKED", ""), EXIT.USAGE],
    [new ShebaoError("NO_READER", ""), EXIT.NO_CONNECTION],
    [new TimeoutError(""), EXIT.NO_CONNECTION],
    [new ShebaoError("SOMETHING_NEW", ""), EXIT.BUG],
    [new TypeError("x"), EXIT.BUG],
  ])("of %o is %i", (error, code) => {
    expect(exitCodeOf(error)).toBe(code)
  })

  it("tell a refusal from a connection that broke in the middle of a flow", () => {
    expect(exitCodeOfRefusal({ code: "51" })).toBe(EXIT.REFUSED)
    expect(exitCodeOfRefusal({ code: "CANCELLED" })).toBe(EXIT.REFUSED)
    for (const code of ["CARD_REMOVED", "CARD_FAILED", "NO_ANSWER"])
      expect(exitCodeOfRefusal({ code })).toBe(EXIT.NO_CONNECTION)
  })
})

describe("notes", () => {
  it("are as few as possible and make the amount", () => {
    expect(notesFor(388_00, "amount")).toEqual([
      { denominationYuan: 100, count: 3 },
      { denominationYuan: 50, count: 1 },
      { denominationYuan: 20, count: 1 },
      { denominationYuan: 10, count: 1 },
      { denominationYuan: 5, count: 1 },
      { denominationYuan: 1, count: 3 },
    ])
    expect(notesFor(0, "amount")).toEqual([])
  })

  it("there are none below a yuan", () => {
    expect(() => notesFor(100_50, "amount")).toThrow("amount: expected whole yuan, got 100.50")
  })
})

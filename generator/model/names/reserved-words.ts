/** Words that cannot name a variable of a module, or that would hide what every module relies on. */
const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function globalThis if implements import in instanceof interface let new null package private protected
  public return static super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
)

/** Whether a name is a reserved word of JavaScript's modules, or as good as one. */
export function isReservedWord(name: string): boolean {
  return RESERVED_WORDS.has(name)
}

/** What a compiler keeps for itself at the top of every module, or does as soon as it writes CommonJS (TS1216, TS2441). */
const TAKEN_CONSTANTS: ReadonlySet<string> = new Set(['exports', 'require', '__esModule', 'Object'])

/** Whether no constant of a module can have a name, whatever the module is compiled to. */
export function isTakenConstant(name: string): boolean {
  return isReservedWord(name) || TAKEN_CONSTANTS.has(name)
}

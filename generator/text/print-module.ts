import { compareCodeUnits } from '../model/json.js'
import type { ModuleSymbol, SourcePart, Subject } from './module-symbol.js'
import { joinSource, SourceText, source } from './source-text.js'

/** How long a line may get before it is broken, where it can be. */
export const MAX_COLUMNS = 100

type ImportSymbol = Extract<ModuleSymbol, { kind: 'import' }> & { readonly local: string }

type Importable = Exclude<ModuleSymbol, { kind: 'global' }>

/** What generated code is written in. */
export type Language = 'ts' | 'js'

/** The parts of a module. */
export interface ModuleParts {
  /** What stands before the imports. */
  readonly head: SourceText
  readonly body: SourceText
  /** The names that the body declares. Imports of the same name get another, and globals are reached around it. */
  readonly declares: ReadonlySet<string>
  /** What the body uses without saying so, because it is another generator's code. Default: nothing. */
  readonly uses?: readonly ModuleSymbol[]
  /** How the module imports the schema file, where it does. */
  readonly schemaImport: string
  /** With `js`, what only TypeScript has is left out. Default: `ts`. */
  readonly language?: Language
}

/** A place in a module at which the name of something begins or ends that the schema declares. */
export interface NamePlace {
  readonly subject: Subject
  readonly at: 'start' | 'end'
  /** From 0. */
  readonly line: number
  /** From 0, in UTF-16 units. */
  readonly column: number
}

/** A module's text, and where in it names of the schema stand. */
export interface PrintedModule {
  readonly text: string
  /** In the order of the text. */
  readonly names: readonly NamePlace[]
}

/** Prints a module: its head, the imports that its body turned out to need, and the body. */
export function printModule(parts: ModuleParts): string {
  return printMappedModule(parts).text
}

/** Prints a module, and tells where in it names of the schema stand. */
export function printMappedModule({
  head,
  body,
  declares,
  uses = [],
  language = 'ts',
  schemaImport,
}: ModuleParts): PrintedModule {
  const readImport = (symbol: Importable): ImportSymbol => {
    if (symbol.kind === 'import') return { ...symbol, local: symbol.name }
    // Types are named like the schemas that they come from, so these get another name here.
    return { ...symbol, kind: 'import', from: schemaImport, local: `${symbol.name}Schema` }
  }
  const bodyParts = language === 'js' ? dropTypes(body.parts) : body.parts
  const symbols = new Set([...bodyParts.filter(isSymbol), ...uses])
  const imports = collectImports(symbols, readImport)
  const locals = nameImports(imports, declares)
  const nameOf = (symbol: ModuleSymbol): string => {
    if (symbol.kind !== 'global') return locals.get(keyOf(readImport(symbol))) ?? symbol.name
    return declares.has(symbol.name) ? `globalThis.${symbol.name}` : symbol.name
  }
  const names = new Map(Array.from(symbols, (symbol) => [symbol, nameOf(symbol)]))
  let code = ''
  const markers: { readonly offset: number; readonly marker: SubjectMarker }[] = []
  for (const part of [...source`${head}${printImports(imports, locals)}`.parts, ...bodyParts]) {
    if (typeof part === 'string') code += part
    else if (part.kind === 'subject') markers.push({ offset: code.length, marker: part })
    else if (part.kind !== 'types') code += names.get(part) ?? part.name
  }
  // A type that breaks right behind its colon leaves a space there. No literal spans two lines, so no text is changed.
  return { text: code.replace(/ +\n/g, '\n'), names: locateNames(code, markers) }
}

function isSymbol(part: SourcePart): part is ModuleSymbol {
  return typeof part !== 'string' && part.kind !== 'types' && part.kind !== 'subject'
}

type SubjectMarker = Extract<SourcePart, { readonly kind: 'subject' }>

/** Leaves out what stands between the markers of types. */
function dropTypes(parts: readonly SourcePart[]): SourcePart[] {
  let depth = 0
  return parts.filter((part) => {
    const isMarker = typeof part !== 'string' && part.kind === 'types'
    if (isMarker) depth += part.at === 'start' ? 1 : -1
    return depth === 0 && !isMarker
  })
}

function locateNames(
  code: string,
  markers: readonly { readonly offset: number; readonly marker: SubjectMarker }[],
): NamePlace[] {
  let line = 0
  let lineStart = 0
  return markers.map(({ offset, marker: { subject, at } }) => {
    for (let end = code.indexOf('\n', lineStart); end !== -1 && end < offset; end = code.indexOf('\n', lineStart)) {
      line += 1
      lineStart = end + 1
    }
    return { subject, at, line, column: offset - lineStart }
  })
}

function keyOf({ from, name }: ImportSymbol): string {
  return `${from}\0${name}`
}

/** Each once, sorted; imported as a value where any use needs the value. */
function collectImports(
  symbols: Iterable<ModuleSymbol>,
  readImport: (symbol: Importable) => ImportSymbol,
): ImportSymbol[] {
  const imports = new Map<string, ImportSymbol>()
  for (const used of symbols) {
    if (used.kind === 'global') continue
    const symbol = readImport(used)
    const before = imports.get(keyOf(symbol))
    imports.set(keyOf(symbol), before?.typeOnly === false ? before : symbol)
  }
  return [...imports.values()].sort((left, right) => compareCodeUnits(keyOf(left), keyOf(right)))
}

function nameImports(imports: readonly ImportSymbol[], taken: ReadonlySet<string>): Map<string, string> {
  const used = new Set(taken)
  return new Map(
    imports.map((symbol) => {
      let { local } = symbol
      while (used.has(local)) local = `${local}_`
      used.add(local)
      return [keyOf(symbol), local]
    }),
  )
}

function printImports(imports: readonly ImportSymbol[], locals: ReadonlyMap<string, string>): SourceText {
  const modules = [...new Set(imports.map(({ from }) => from))]
  return source`${modules.map((from) => {
    const symbols = imports.filter((symbol) => symbol.from === from)
    return printImport(symbols, from, locals)
  })}`
}

function printImport(symbols: readonly ImportSymbol[], from: string, locals: ReadonlyMap<string, string>): SourceText {
  const allTypes = symbols.every(({ typeOnly }) => typeOnly)
  const clauses = symbols.map((symbol) => {
    const name = SourceText.name(symbol.name)
    const local = SourceText.name(locals.get(keyOf(symbol)) ?? symbol.name)
    const clause = local.parts[0] === symbol.name ? name : source`${name} as ${local}`
    return symbol.typeOnly && !allTypes ? source`type ${clause}` : clause
  })
  const keyword = allTypes ? source`import type` : source`import`
  const flat = source`${keyword} { ${joinSource(clauses, source`, `)} } from ${from}\n`
  if (flat.columns <= MAX_COLUMNS + 1) return flat
  return source`${keyword} {${clauses.map((clause) => source`\n  ${clause},`)}\n} from ${from}\n`
}

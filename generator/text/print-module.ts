import { compareCodeUnits } from '../model/json.js'
import type { ModuleSymbol } from './module-symbol.js'
import { joinSource, SourceText, source } from './source-text.js'

/** How long a line may get before it is broken, where it can be. */
export const MAX_COLUMNS = 100

type ImportSymbol = Extract<ModuleSymbol, { kind: 'import' }>

/** The parts of a module. */
export interface ModuleParts {
  /** What stands before the imports. */
  readonly head: SourceText
  readonly body: SourceText
  /** The names that the body declares. Imports of the same name get another, and globals are reached around it. */
  readonly declares: ReadonlySet<string>
  /** What the body uses without saying so, because it is another generator's code. Default: nothing. */
  readonly uses?: readonly ModuleSymbol[]
}

/** Prints a module: its head, the imports that its body turned out to need, and the body. */
export function printModule({ head, body, declares, uses = [] }: ModuleParts): string {
  const imports = collectImports([...body.parts, ...uses])
  const locals = nameImports(imports, declares)
  const nameOf = (symbol: ModuleSymbol): string => {
    if (symbol.kind === 'import') return locals.get(keyOf(symbol)) ?? symbol.name
    return declares.has(symbol.name) ? `globalThis.${symbol.name}` : symbol.name
  }
  const text = source`${head}${printImports(imports, locals)}${body}`
  const code = text.parts.map((part) => (typeof part === 'string' ? part : nameOf(part))).join('')
  // A type that breaks right behind its colon leaves a space there. No literal spans two lines, so no text is changed.
  return code.replace(/ +\n/g, '\n')
}

function keyOf({ from, name }: ImportSymbol): string {
  return JSON.stringify([from, name])
}

/** Each once, sorted; imported as a value where any use needs the value. */
function collectImports(parts: SourceText['parts']): ImportSymbol[] {
  const imports = new Map<string, ImportSymbol>()
  for (const part of parts) {
    if (typeof part === 'string' || part.kind !== 'import') continue
    const before = imports.get(keyOf(part))
    imports.set(keyOf(part), before?.typeOnly === false ? before : part)
  }
  return [...imports.values()].sort((left, right) => compareCodeUnits(keyOf(left), keyOf(right)))
}

function nameImports(imports: readonly ImportSymbol[], taken: ReadonlySet<string>): Map<string, string> {
  const used = new Set(taken)
  return new Map(
    imports.map((symbol) => {
      let local = symbol.name
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

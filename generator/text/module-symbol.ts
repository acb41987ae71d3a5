/** Something that generated text names without declaring it. What it is called there is decided when the module is printed. */
export type ModuleSymbol =
  | { readonly kind: 'import'; readonly from: string; readonly name: string; readonly typeOnly: boolean }
  | { readonly kind: 'global'; readonly name: string }
  /** An export of the schema file. */
  | { readonly kind: 'schema'; readonly name: string; readonly typeOnly: boolean }

/** The one door through which generated code enters the runtime. */
const RUNTIME_MODULE = 'netgen/runtime/v1'

/** A type that the runtime exports for generated code. One object for each name. */
export const importType: (name: string) => ModuleSymbol = intern((name) => {
  return { kind: 'import', from: RUNTIME_MODULE, name, typeOnly: true }
})

/** A value that the runtime exports for generated code. One object for each name. */
export const importValue: (name: string) => ModuleSymbol = intern((name) => {
  return { kind: 'import', from: RUNTIME_MODULE, name, typeOnly: false }
})

/** The type of an export of the schema file. */
export function importSchemaType(name: string): ModuleSymbol {
  return { kind: 'schema', name, typeOnly: true }
}

/** A live export of the schema file. */
export function importSchemaValue(name: string): ModuleSymbol {
  return { kind: 'schema', name, typeOnly: false }
}

/** A name of the language, such as Promise. One object for each name. */
export const useGlobal: (name: string) => ModuleSymbol = intern((name) => ({ kind: 'global', name }))

// A large module names a few symbols ten thousand times.
function intern(create: (name: string) => ModuleSymbol): (name: string) => ModuleSymbol {
  const known = new Map<string, ModuleSymbol>()
  return (name) => {
    const symbol = known.get(name) ?? create(name)
    known.set(name, symbol)
    return symbol
  }
}

/** Something between the code of a source text that takes no room. */
export type Marker =
  /** Here begins or ends what TypeScript has and JavaScript has not. */
  | { readonly kind: 'types'; readonly at: 'start' | 'end' }
  /** Here begins or ends the name of something that the schema declares. */
  | { readonly kind: 'subject'; readonly at: 'start' | 'end'; readonly subject: Subject }

/** Something that a schema declares, whose name generated text writes. */
export type Subject =
  /** The schema file itself. */
  | { readonly is: 'schema' }
  | { readonly is: 'export'; readonly name: string }
  /** A property of an exported object type. */
  | { readonly is: 'member'; readonly of: string; readonly name: string }
  | { readonly is: 'error'; readonly name: string }

/** What a source text is made of. */
export type SourcePart = string | ModuleSymbol | Marker

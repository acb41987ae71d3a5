/** Something that generated text names without declaring it. What it is called there is decided when the module is printed. */
export type ModuleSymbol =
  | { readonly kind: 'import'; readonly from: string; readonly name: string; readonly typeOnly: boolean }
  | { readonly kind: 'global'; readonly name: string }

/** The one door through which generated code enters the runtime. */
export const RUNTIME_MODULE = 'netgen/runtime/v1'

/** A type that the runtime exports for generated code. */
export function importType(name: string): ModuleSymbol {
  return { kind: 'import', from: RUNTIME_MODULE, name, typeOnly: true }
}

/** A value that the runtime exports for generated code. */
export function importValue(name: string): ModuleSymbol {
  return { kind: 'import', from: RUNTIME_MODULE, name, typeOnly: false }
}

/** A name of the language, such as Promise. */
export function useGlobal(name: string): ModuleSymbol {
  return { kind: 'global', name }
}

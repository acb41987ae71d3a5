/** What building offers to programs: the entry `netgen/generator`. */
export { build } from './build.js'
export type { BuildOptions, BuildResult, BuiltFile } from './build-result.js'
export type { DiagnosticCode } from './diagnostics/catalogue.js'
export type { Diagnostic, FilePlace, SourcePlace } from './diagnostics/diagnostic.js'

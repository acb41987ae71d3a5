import { createRequire } from 'node:module'
import { extname } from 'node:path'

// An import would have all of it searched for exports first: that takes as long as loading it.
const babel: typeof import('@babel/parser') = createRequire(import.meta.url)('@babel/parser')

type ParsedFile = ReturnType<typeof babel.parse>

/** A file of TypeScript or JavaScript as a tree. */
export type Program = ParsedFile['program']
export type Statement = Program['body'][number]
export type Expression = Extract<Statement, { type: 'ExpressionStatement' }>['expression']
export type ObjectLiteral = Extract<Expression, { type: 'ObjectExpression' }>
export type Call = Extract<Expression, { type: 'CallExpression' }>
export type PropertyKey = Exclude<ObjectLiteral['properties'][number], { type: 'SpreadElement' }>['key']
export type EnumDeclaration = Extract<Statement, { type: 'TSEnumDeclaration' }>
/** Anything that the index looks into or points at. */
export type SyntaxNode =
  | Program
  | Statement
  | Expression
  | ObjectLiteral['properties'][number]
  | PropertyKey
  | Call['arguments'][number]
  | EnumDeclaration['members'][number]
  | Extract<Statement, { type: 'VariableDeclaration' }>['declarations'][number]
  | Extract<ObjectLiteral['properties'][number], { type: 'ObjectProperty' }>['value']

/** A comment with its delimiters. Offsets in UTF-16 units. */
export interface SourceComment {
  readonly start: number
  readonly end: number
}

/** A parsed file. */
export interface SyntaxTree {
  readonly text: string
  readonly program: Program
  /** In order. */
  readonly comments: readonly SourceComment[]
}

/**
 * Parses a file. A syntax error does no harm: what stands behind one that cannot be passed over is missing.
 *
 * The parser is Babel's, which loads in 50 ms where TypeScript's takes 160, a quarter of a small build; only the syntax is
 * asked for, and the same parser reads every schema that TypeScript can.
 */
export function parseSource(file: string, text: string): SyntaxTree {
  const { program, comments } = tryParse(text, extname(file).endsWith('x')) ?? babel.parse('', OPTIONS)
  return { text, program, comments: (comments ?? []).map(({ start = 0, end = 0 }) => ({ start, end })) }
}

const OPTIONS = {
  sourceType: 'module',
  errorRecovery: true,
  // They are looked up by their offsets where they are needed, which is not at every node.
  attachComment: false,
  createParenthesizedExpressions: true,
  allowUndeclaredExports: true,
} as const

function tryParse(text: string, isJsx: boolean): ParsedFile | undefined {
  try {
    return babel.parse(text, {
      ...OPTIONS,
      plugins: ['typescript', 'decorators', ...(isJsx ? (['jsx'] as const) : [])],
    })
  } catch {
    return undefined
  }
}

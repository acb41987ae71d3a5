/** NG3: types. */
export const TYPE_CATALOGUE = {
  NG3001: {
    severity: 'error',
    title: 'type that JSON cannot hold',
    explanation:
      'What is called with and answered travels as JSON. Functions, symbols, promises and class instances do not.',
    wrong: 'export const find = connection({ input: Type.Function([], Type.String()) })',
    right: 'export const find = connection({ input: Type.String() })',
  },
  NG3002: {
    severity: 'error',
    title: 'type not supported',
    explanation:
      'netgen generates a type and a check for the kinds of schema that it knows, and refuses the others, so that nothing goes unchecked.',
    wrong: 'export const save = connection({ input: Type.Rest(Type.Array(Type.String())) })',
    right: 'export const save = connection({ input: Type.Array(Type.String()) })',
  },
  NG3003: {
    severity: 'error',
    title: 'unsafe type of no JSON',
    explanation:
      'Type.Unsafe gives a TypeScript type to plain JSON Schema, and what travels is checked by that schema: its type is one of the types of JSON. netgen/schema has codecs for dates, bigints, bytes, maps, sets and URLs, and Type.Codec makes others.',
    wrong: `export const save = connection({ input: Type.Unsafe<Date>({ type: 'Date' }) })`,
    right: `import { date } from 'netgen/schema'
export const save = connection({ input: date() })`,
  },
  NG3004: {
    severity: 'error',
    title: 'not a TypeBox schema',
    explanation:
      'Only schemas made by the functions of Type are read: a plain object has no kind, and so no TypeScript type.',
    wrong: `export const save = connection({ input: Type.Object({ id: { type: 'string' } }) })`,
    right: 'export const save = connection({ input: Type.Object({ id: Type.String() }) })',
  },
  NG3005: {
    severity: 'error',
    title: 'unknown keyword',
    explanation:
      'A keyword that the check does not know would be ignored, and the schema would promise more than it holds.',
    wrong: 'export const save = connection({ input: Type.String({ maxLenght: 5 }) })',
    right: 'export const save = connection({ input: Type.String({ maxLength: 5 }) })',
  },
  NG3006: {
    severity: 'error',
    title: 'bad keyword value',
    explanation: 'JSON Schema 2020-12 says which values a keyword takes.',
    wrong: 'export const save = connection({ input: Type.String({ maxLength: -1 }) })',
    right: 'export const save = connection({ input: Type.String({ maxLength: 1 }) })',
  },
  NG3007: {
    severity: 'error',
    title: 'void inside a type',
    explanation: 'Void means that a call answers nothing. It is no value, so it can only be a whole output.',
    wrong: 'export const save = connection({ input: Type.Object({ done: Type.Void() }) })',
    right: 'export const save = connection({ output: Type.Void() })',
  },
  NG3008: {
    severity: 'error',
    title: 'modifier without effect',
    explanation:
      'Optional and Readonly belong to the properties of an object; Optional also to the last elements of a tuple.',
    wrong: 'export const save = connection({ input: Type.Array(Type.Optional(Type.String())) })',
    right: 'export const save = connection({ input: Type.Object({ id: Type.Optional(Type.String()) }) })',
  },
  NG3009: {
    severity: 'error',
    title: 'unknown format',
    explanation: 'A format that the check does not know would be ignored.',
    wrong: `export const save = connection({ input: Type.String({ format: 'e-mail' }) })`,
    right: `export const save = connection({ input: Type.String({ format: 'email' }) })`,
  },
  NG3010: {
    severity: 'error',
    title: 'bad pattern',
    explanation: 'Patterns are JavaScript regular expressions with the u flag and no other, as JSON Schema recommends.',
    wrong: 'export const save = connection({ input: Type.String({ pattern: /^[a-z]+$/i }) })',
    right: `export const save = connection({ input: Type.String({ pattern: '^[A-Za-z]+$' }) })`,
  },
  NG3011: {
    severity: 'error',
    title: 'unbounded uniqueItems',
    explanation:
      'Comparing every item with every other takes time that grows with the square of their number, so the number needs a limit.',
    wrong: 'export const save = connection({ input: Type.Array(Type.String(), { uniqueItems: true }) })',
    right: 'export const save = connection({ input: Type.Array(Type.String(), { uniqueItems: true, maxItems: 100 }) })',
  },
  NG3012: {
    severity: 'error',
    title: 'dangling reference',
    explanation: 'A reference leads to a member of the Type.Cyclic or Type.Module around it. This one leads nowhere.',
    wrong: `export const Tree = Type.Cyclic({ Tree: Type.Array(Type.Ref('Tre')) }, 'Tree')
export const save = connection({ input: Tree })`,
    right: `export const Tree = Type.Cyclic({ Tree: Type.Array(Type.Ref('Tree')) }, 'Tree')
export const save = connection({ input: Tree })`,
  },
  NG3013: {
    severity: 'error',
    title: 'recursion without a name',
    explanation: 'A type that contains itself is printed by its name, and takes it from the export.',
    wrong: 'export const save = connection({ input: Type.Object({ next: Type.This() }) })',
    right: `export const Link = Type.Object({ next: Type.Optional(Type.This()) })
export const save = connection({ input: Link })`,
  },
  NG3014: {
    severity: 'error',
    title: 'record keys',
    explanation: 'Keys of a record are Type.String(), Type.Number() or Type.Integer(), or a union of literals.',
    wrong: `export const save = connection({ input: Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.String()) })`,
    right: 'export const save = connection({ input: Type.Record(Type.String(), Type.String()) })',
  },
  NG3015: {
    severity: 'error',
    title: 'value that JSON cannot hold',
    explanation: 'Literals, enums, defaults and examples stand in the JSON Schema, so they are JSON values.',
    wrong: 'export const save = connection({ input: Type.Literal(1n) })',
    right: 'export const save = connection({ input: Type.Literal(1) })',
  },
  NG3016: {
    severity: 'error',
    title: 'nested too deeply',
    explanation: 'Schemas may be nested 64 levels deep, as deep as a message may be.',
    wrong: `let nested = Type.String()
for (let depth = 0; depth < 100; depth++) nested = Type.Array(nested)
export const save = connection({ input: nested })`,
    right: `export const Nested = Type.Cyclic({ Nested: Type.Union([Type.String(), Type.Array(Type.Ref('Nested'))]) }, 'Nested')
export const save = connection({ input: Nested })`,
  },
  NG3017: {
    severity: 'error',
    title: 'check cannot be compiled',
    explanation: 'ajv refused the JSON Schema of this part.',
    wrong: 'a schema that ajv refuses, although netgen could read it',
    right: 'the same type, written with other functions of Type',
  },
  NG3018: {
    severity: 'error',
    title: 'type that is only itself',
    explanation:
      'A recursive type needs a property or an array between itself and itself; without, no value could ever be checked.',
    wrong: `export const Loop = Type.Cyclic({ Loop: Type.Union([Type.Ref('Loop'), Type.Null()]) }, 'Loop')
export const save = connection({ input: Loop })`,
    right: `export const Loop = Type.Cyclic({ Loop: Type.Union([Type.Array(Type.Ref('Loop')), Type.Null()]) }, 'Loop')
export const save = connection({ input: Loop })`,
  },
  NG3019: {
    severity: 'error',
    title: 'template that cannot be read back',
    explanation:
      'Of a template, TypeBox keeps its pattern alone, and type and check are made from that. TypeBox 1.x writes fixed text into it as it is, and takes each part of a choice for a choice of its own: what is ambiguous there would get a type that its values do not have.',
    wrong: "export const save = connection({ input: Type.TemplateLiteral('costs $5 (about)') })",
    right: "export const save = connection({ input: Type.String({ pattern: '^costs \\\\$5 \\\\(about\\\\)$' }) })",
  },
  NG3020: {
    severity: 'error',
    title: 'pattern that takes too long',
    explanation:
      'Whoever sends a text chooses what its pattern has to try. Where one text can match in many ways, trying them all holds up the peer for seconds, or for ever. recheck finds such patterns when a schema is built. Those of quadratic time and the like are let through where a maxLength bounds what a text can cost: 32 for quadratic, 5 for cubic time. Those of exponential time never are, nor those with lookarounds or backreferences, of which others may take longer than the texts that were tried, nor those that could not be judged. A count such as {1,12} ends what is repeated, but multiplies with those within it: such a pattern takes exponential time up to its longest text. A count above 32 is taken for one without an end where several parts can share a text.',
    wrong: "export const save = connection({ input: Type.String({ pattern: '^(?:[a-z]+-?)+$' }) })",
    right: "export const save = connection({ input: Type.String({ pattern: '^[a-z]+(?:-[a-z]+)*-?$' }) })",
  },
  NG3021: {
    severity: 'error',
    title: 'too many texts to compile',
    explanation:
      'A text of the format regex is checked by compiling it, which takes far longer than to match one: as many as one message can hold would hold up the peer. So one value may hold 10,000 of them at most: what maxItems of the arrays and maxProperties of the records around them allow, multiplied, and added up over all places and alternatives. A type that contains itself has no bound.',
    wrong: "export const save = connection({ input: Type.Array(Type.String({ format: 'regex' })) })",
    right: "export const save = connection({ input: Type.Array(Type.String({ format: 'regex' }), { maxItems: 100 }) })",
  },
  NG3030: {
    severity: 'error',
    title: 'codecs that cannot be told apart',
    explanation:
      'Where a union holds a codec, it has to be known which of its types a value is of before anything is converted: by the JSON type that travels, which only one of them has, or, among objects, by a required literal property. In an intersection, each property is converted by one part.',
    wrong: `import { bytes, date } from 'netgen/schema'
export const save = connection({ input: Type.Union([date(), bytes()]) })`,
    right: `import { bytes, date } from 'netgen/schema'
export const save = connection({
  input: Type.Union([
    Type.Object({ kind: Type.Literal('date'), at: date() }),
    Type.Object({ kind: Type.Literal('bytes'), data: bytes() }),
  ]),
})`,
  },
  NG3031: {
    severity: 'error',
    title: 'codec where nothing is converted',
    explanation:
      'What additionalProperties, contains and unevaluatedProperties say limits values that have no place of their own in the TypeScript type, so nothing is converted there.',
    wrong: `import { date } from 'netgen/schema'
export const save = connection({ input: Type.Object({}, { additionalProperties: date() }) })`,
    right: `import { date } from 'netgen/schema'
export const save = connection({ input: Type.Record(Type.String(), date()) })`,
  },
  NG3032: {
    severity: 'error',
    title: 'type out of reach',
    explanation:
      'The TypeScript type of a codec or an unsafe type stands in no schema: generated code asks the compiler for it, by the name of the export that it is part of.',
    wrong: `import { Type as Old } from "@sinclair/typebox"
export const Part = Old.Recursive((This) => Old.Object({ key: Old.Unsafe<\`k\${number}\`>({ type: 'string' }), parts: Old.Array(This) }))
export const save = connection({ input: Part })`,
    right: `import { Type as Old } from "@sinclair/typebox"
const Parts = Old.Module({ Part: Old.Object({ key: Old.Unsafe<\`k\${number}\`>({ type: 'string' }), parts: Old.Array(Old.Ref('Part')) }) })
export const Part = Parts.Import('Part')
export const save = connection({ input: Part })`,
  },
  NG3033: {
    severity: 'warning',
    title: 'refinement that is not checked',
    explanation:
      'The function of Type.Refine stands in the schema file alone and cannot be written out into a generated check. Everything else about the type is checked.',
    wrong: 'export const save = connection({ input: Type.Refine(Type.Integer(), (value) => value % 2 === 0) })',
    right: 'export const save = connection({ input: Type.Integer({ multipleOf: 2 }) })',
  },
} as const
